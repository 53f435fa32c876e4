import { AssertionError } from 'node:assert'
import { createHash } from 'node:crypto'
import type { ConfirmChannel, ConsumeMessage } from 'amqplib'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { type CloudEvent, type Contract, type DataOf, EXCHANGE, schemaOf } from '../contracts/contract.ts'
import { Refusal } from './errors.ts'
import type { Log } from './log.ts'

const ATTEMPTS_MAX = 5
const RETRY_DELAY_MS = 10_000
const PREFETCH = 16
const DELIVERIES_MAX = 20 // a message that kills its readers goes the way of a rejected one

export type EventOf<C extends Contract> = CloudEvent<DataOf<C>>

/** An event that nobody will try again until a person has looked at it. */
export interface Failure {
  /** The event's own id, or one made from its bytes when it came without: the register's key either way. */
  eventId: string
  queue: string
  subject: string | null
  reason: string
  headers: Record<string, unknown>
  body: Buffer
}

export interface Subscription<C extends Contract> {
  queue: string
  contract: C
  /** Applies the event in a transaction of its own, together with its inbox row: once, however often it arrives. */
  handle: (event: EventOf<C>) => Promise<void>
  /** Writes the failed register. Idempotent by event id. */
  register: (failure: Failure) => Promise<void>
  database: {
    isDown: (err: unknown) => boolean
    /** Resolves when the database takes writes again. */
    up: () => Promise<void>
  }
  /** Part of the queue's declaration: the same for every process that reads it. */
  retryDelayMs?: number
}

/**
 * Feeds every event of a contract to `handle`, at least once and in no order.
 *
 * A fault is tried again after {@link RETRY_DELAY_MS}, {@link ATTEMPTS_MAX}
 * times in all; a refusal, a bug and a fault that outlives its attempts go to
 * the failed register. While the database is down nothing is judged: the
 * consumer cancels itself, and the queue keeps the work.
 */
export async function consume<C extends Contract>(channel: ConfirmChannel, log: Log, subscription: Subscription<C>): Promise<void> {
  const { queue, contract, handle, register, database } = subscription
  let consumerTag = ''
  let paused = false
  await declareQueues(channel, queue, contract.type, subscription.retryDelayMs ?? RETRY_DELAY_MS)
  await channel.prefetch(PREFETCH)
  await resume()

  async function resume(): Promise<void> {
    paused = false
    const reply = await channel.consume(queue, (message) => {
      const lost = (err: unknown) => log.warn({ err, queue }, 'channel lost: the broker delivers again')
      if (message === null)
        channel.close().catch(lost) // the queue is gone: the next channel declares it anew
      else receive(message).catch(lost)
    })
    consumerTag = reply.consumerTag
  }

  async function receive(message: ConsumeMessage): Promise<void> {
    try {
      await handle(eventOf(contract, message))
    } catch (err) {
      return settle(message, err)
    }
    channel.ack(message)
  }

  async function settle(message: ConsumeMessage, err: unknown): Promise<void> {
    if (database.isDown(err)) return pause(message)
    const attempt = attemptsOf(message, queue) + 1
    const next = verdict(err, attempt)
    const failure = failureOf(queue, message, err)
    log.warn({ err, eventId: failure.eventId, queue, attempt, next }, 'event not handled')
    if (next === 'retry') return channel.nack(message, false, false)
    await register(failure).then(
      () => channel.ack(message),
      (cause: unknown) => {
        log.error({ err: cause, eventId: failure.eventId, queue }, 'failed register not written')
        channel.nack(message, false, false)
      }
    )
  }

  /** Cancels first, so that what is handed back does not return at once. */
  async function pause(message: ConsumeMessage): Promise<void> {
    const cancelled = paused ? undefined : channel.cancel(consumerTag)
    paused = true
    channel.nack(message, false, true)
    if (!cancelled) return
    await cancelled
    log.warn({ queue }, 'database down: paused')
    await database.up()
    await resume()
    log.info({ queue }, 'database back: reading again')
  }
}

/** What becomes of an event that was not handled while the database was up. */
export function verdict(err: unknown, attempt: number): 'retry' | 'register' {
  if (err instanceof Refusal) return 'register'
  if (err instanceof AssertionError) return 'register'
  return attempt < ATTEMPTS_MAX ? 'retry' : 'register'
}

const Attributes = Type.Object({ id: Type.String({ format: 'uuid' }), subject: Type.String(), dataschema: Type.String() })

function eventOf<C extends Contract>(contract: C, message: ConsumeMessage): EventOf<C> {
  const attributes = attributesOf(message)
  const data: unknown = parse(message.content)
  if (!Value.Check(Attributes, attributes)) throw new AssertionError({ message: 'the attributes are not those of an event' })
  if (attributes.dataschema === schemaOf(contract) && Value.Check(contract.data, data)) {
    return { ...attributes, data } as EventOf<C>
  }
  throw new AssertionError({ message: `not a ${contract.type} v${contract.version}` })
}

/** @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/amqp-protocol-binding.md */
function attributesOf({ properties }: ConsumeMessage): Record<string, unknown> {
  const prefix = 'cloudEvents:'
  const headers = Object.entries(properties.headers ?? {}).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(headers.map(([name, value]) => [name.slice(prefix.length), value]))
}

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString())
  } catch (err) {
    throw new AssertionError({ message: `not JSON: ${String(err)}` })
  }
}

/** Whatever came, in a shape that every register can take. */
function failureOf(queue: string, message: ConsumeMessage, err: unknown): Failure {
  const { id, subject } = attributesOf(message)
  return {
    eventId: Value.Check(Attributes.properties.id, id) ? id : idOfBytes(message.content),
    queue,
    subject: typeof subject === 'string' && /^[!-~]{1,60}$/.test(subject) ? subject : null,
    reason: String(err),
    headers: message.properties.headers ?? {},
    body: message.content
  }
}

/** @see RFC 9562, version 8 */
function idOfBytes(bytes: Buffer): string {
  const hex = createHash('sha256').update(bytes).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The broker counts: a message sent round carries one `x-death` entry per queue and reason. */
function attemptsOf(message: ConsumeMessage, queue: string): number {
  const deaths = message.properties.headers?.['x-death'] ?? []
  return deaths.filter((death) => death.queue === queue).reduce((sum, { count }) => sum + count, 0)
}

/** Replicated queues that hand a rejected message on with a confirm, so that no retry is lost on the way. */
const SAFE = { 'x-queue-type': 'quorum', 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }

/** `queue` rejects into `queue.retry`, which waits and hands back. */
async function declareQueues(channel: ConfirmChannel, queue: string, type: string, retryDelayMs: number): Promise<void> {
  const retry = `${queue}.retry`
  const into = (routingKey: string) => ({ durable: true, deadLetterExchange: '', deadLetterRoutingKey: routingKey })

  await channel.assertExchange(EXCHANGE, 'topic', { durable: true })
  await channel.assertQueue(retry, { ...into(queue), messageTtl: retryDelayMs, arguments: SAFE })
  await channel.assertQueue(queue, { ...into(retry), arguments: { ...SAFE, 'x-delivery-limit': DELIVERIES_MAX } })
  await channel.bindQueue(queue, EXCHANGE, type)
}
