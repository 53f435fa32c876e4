import type { ConfirmChannel } from 'amqplib'
import type { Pool } from 'pg'
import { unavailable } from '../chassis/errors.ts'
import type { Log } from '../chassis/log.ts'
import { type Tx, transaction } from '../chassis/postgres.ts'

const MARK = 'relay.mark'
const BATCH_MAX = 5_000
const HOURS = 24 // what was published longer ago was handled, or stands in a register
const CONFIRM_MS_MAX = 3_000

/**
 * A broker that has lost its disk comes back with empty queues, and what it had
 * confirmed is nowhere. So the relay leaves a message of its own there: a broker
 * that has none is told once more everything of the last {@link HOURS} hours, same
 * ids. Readers recognise what they have handled.
 *
 * @returns How many events are published again.
 */
export async function remind(pool: Pool, channel: ConfirmChannel, log: Log, mark = MARK): Promise<number> {
  await channel.assertQueue(mark, { durable: true })
  const found = await channel.get(mark)
  if (found) {
    channel.nack(found, false, true)
    return 0
  }
  const events = await unpublishLatest(pool)
  await leaveMark(channel, mark) // after the commit: who dies in between does it again
  if (events > 0) log.warn({ events }, 'the broker remembers nothing: published again')
  return events
}

async function unpublishLatest(pool: Pool): Promise<number> {
  let events = 0
  for (let before: string | null = null; ; ) {
    const positions: string[] = await transaction(pool, (tx) => unpublishBatch(tx, before))
    events += positions.length
    if (positions.length < BATCH_MAX) return events
    before = positions.reduce((least, position) => (BigInt(position) < BigInt(least) ? position : least))
  }
}

/** The latest first, by their key: nothing that is old is read. */
async function unpublishBatch(tx: Tx, before: string | null): Promise<string[]> {
  const { rows } = await tx.query<{ position: string }>({
    name: 'unpublish-batch',
    text: `update selling.outbox
           set published_at = null, claimed_until = null, claims = 0
           where position in (
             select position
             from selling.outbox
             where published_at is not null and position < coalesce($1, 9223372036854775807)
               and time > clock_timestamp() - make_interval(hours => $2)
             order by position desc
             limit $3
           )
           returning position::text`,
    values: [before, HOURS, BATCH_MAX]
  })
  return rows.map(({ position }) => position)
}

async function leaveMark(channel: ConfirmChannel, mark: string): Promise<void> {
  channel.sendToQueue(mark, Buffer.from('the relay has been here'), { persistent: true })
  const late = AbortSignal.timeout(CONFIRM_MS_MAX)
  await new Promise<void>((resolve, reject) => {
    late.addEventListener('abort', () => reject(unavailable('the broker')), { once: true })
    channel.waitForConfirms().then(resolve, reject)
  })
}
