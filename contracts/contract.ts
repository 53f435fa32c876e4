import type { Static, TObject } from 'typebox'

/** Every event goes through this durable topic exchange; the routing key is its type. */
export const EXCHANGE = 'eventos'

/** The shape of one kind of event. An added optional field keeps the version; anything else raises it. */
export interface Contract<Data extends TObject = TObject> {
  readonly type: string
  readonly version: number
  readonly source: string
  readonly data: Data
}

export type DataOf<C extends Contract> = Static<C['data']>

/**
 * One event on its way. `id` is also the message id and the inbox key.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export interface CloudEvent<Data = unknown> {
  specversion: '1.0'
  id: string
  source: string
  type: string
  subject: string
  time: string
  dataschema: string
  data: Data
}

export function contract<Data extends TObject>(type: string, version: number, source: string, data: Data): Contract<Data> {
  return { type, version, source, data }
}

export function schemaOf({ type, version }: Contract): string {
  return `urn:ticketflow:event:${type}:${version}`
}
