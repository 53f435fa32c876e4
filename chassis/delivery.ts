import { AssertionError } from 'node:assert'
import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { type CloudEvent, type Contract, type DataOf, schemaOf } from '../contracts/contract.ts'

export type EventOf<C extends Contract> = CloudEvent<DataOf<C>>

/** A message as it came: enough to do what it asks for at any later time. */
export interface Delivery {
  queue: string
  headers: Record<string, unknown>
  body: Buffer
}

/** An event that nobody will try again until a person has looked at it. */
export interface Failure extends Delivery {
  /** The event's own id, or one made from its bytes when it came without: the register's key either way. */
  eventId: string
  subject: string | null
  reason: string
}

const Attributes = Type.Object({ id: Type.String({ format: 'uuid' }), subject: Type.String(), dataschema: Type.String() })

/** @throws AssertionError when it is none of the contract. */
export function eventOf<C extends Contract>(contract: C, { headers, body }: Delivery): EventOf<C> {
  const attributes = attributesOf(headers)
  const data: unknown = parse(body)
  if (!Value.Check(Attributes, attributes)) throw new AssertionError({ message: 'the attributes are not those of an event' })
  if (attributes.dataschema === schemaOf(contract) && Value.Check(contract.data, data)) {
    return { ...attributes, data } as EventOf<C>
  }
  throw new AssertionError({ message: `not a ${contract.type} v${contract.version}` })
}

/** @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/amqp-protocol-binding.md */
function attributesOf(headers: Delivery['headers']): Record<string, unknown> {
  const prefix = 'cloudEvents:'
  const attributes = Object.entries(headers).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(attributes.map(([name, value]) => [name.slice(prefix.length), value]))
}

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString())
  } catch (err) {
    throw new AssertionError({ message: `not JSON: ${String(err)}` })
  }
}

/** Whatever came, in a shape that every register can take. */
export function failureOf(delivery: Delivery, err: unknown): Failure {
  const { id, subject } = attributesOf(delivery.headers)
  return {
    ...delivery,
    eventId: Value.Check(Attributes.properties.id, id) ? id : idOfBytes(delivery.body),
    subject: typeof subject === 'string' && /^[!-~]{1,60}$/.test(subject) ? subject : null,
    reason: String(err)
  }
}

/** @see RFC 9562, version 8 */
function idOfBytes(bytes: Buffer): string {
  const hex = createHash('sha256').update(bytes).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
