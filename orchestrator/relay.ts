import type { ConfirmChannel } from 'amqplib'
import type { Pool } from 'pg'
import { crashPoint } from '../chassis/crash-point.ts'
import type { Log } from '../chassis/log.ts'
import { type Tx, transaction } from '../chassis/postgres.ts'
import type { CloudEvent } from '../contracts/contract.ts'
import { publish } from './publish.ts'

const WINDOW_MAX = 500 // unconfirmed messages: 13 times faster than one at a time, and one commit for all of them
const CLAIM_SECONDS = 10 // longer than a pass takes; beside another relay, one that died gives its claim back this late
const BACKOFF_SECONDS_MAX = 15

/**
 * Moves one batch from the outbox to the broker, at least once. A crash, a lost
 * confirm or a deadline publishes again with the same id; readers recognise it.
 *
 * The claim is committed before anything is published: after a crash a primary
 * may show rows that no other node has, and a commit that needs the quorum is
 * the proof that these rows are not such phantoms.
 *
 * What no queue takes stays in the outbox and is tried again, further and
 * further apart: whoever is to read it may never have run yet.
 *
 * @returns How many events a queue has taken for certain.
 * @see docs/decisions/0003-outbox-by-polling-and-a-bell.md
 */
export async function relayOnce(pool: Pool, channel: ConfirmChannel, log: Log): Promise<number> {
  const events = await transaction(pool, claim)
  if (events.length === 0) return 0
  crashPoint('relay-claimed')
  const { taken, returned } = await publish(channel, events)
  crashPoint('relay-published')
  if (returned.length > 0) log.warn({ eventIds: returned }, 'no queue takes these events')
  const unsure = events.length - taken.length - returned.length
  if (unsure > 0) log.warn({ events: unsure }, 'events not confirmed')
  const claimed = events.map(({ id }) => id)
  await transaction(pool, (tx) => markPublished(tx, claimed, taken))
  crashPoint('relay-marked')
  return taken.length
}

/** Publishes everything that happened to a subject once more, same ids. @returns How many events that is. */
export async function publishAgain(pool: Pool, subject: string): Promise<number> {
  const { rowCount } = await transaction(pool, (tx) =>
    tx.query({
      name: 'publish-again',
      text: `update selling.outbox
             set published_at = null, claimed_until = null, claims = 0
             where subject = $1 and published_at is not null`,
      values: [subject]
    })
  )
  return rowCount ?? 0
}

async function claim(tx: Tx): Promise<CloudEvent[]> {
  const { rows } = await tx.query<CloudEvent>({
    name: 'claim-events',
    text: `update selling.outbox
           set claimed_until = clock_timestamp() + make_interval(secs => $2), claims = claims + 1
           where position in (
             select position
             from selling.outbox
             where published_at is null and (claimed_until is null or claimed_until < clock_timestamp())
             order by position
             limit $1
             for update skip locked
           )
           returning '1.0' as specversion, event_id as id, source, type, subject, dataschema, data,
                     to_char(time at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time`,
    values: [WINDOW_MAX, CLAIM_SECONDS]
  })
  return rows
}

/** Rows stay. What was not published waits for a while, and then anybody claims it. */
async function markPublished(tx: Tx, claimed: string[], published: string[]): Promise<void> {
  await tx.query({
    name: 'mark-published',
    text: `update selling.outbox
           set published_at = case when event_id = any($2) then clock_timestamp() end,
               claimed_until = case when event_id = any($2) then null
                 else clock_timestamp() + make_interval(secs => least($3, 0.5 * 2 ^ least(claims, 6))) end
           where event_id = any($1) and published_at is null`,
    values: [claimed, published, BACKOFF_SECONDS_MAX]
  })
}
