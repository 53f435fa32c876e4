import { setTimeout as sleep } from 'node:timers/promises'
import type { ConfirmChannel } from 'amqplib'
import type { Pool } from 'pg'
import { unavailable } from '../chassis/errors.ts'
import type { Log } from '../chassis/log.ts'
import { type Tx, transaction } from '../chassis/postgres.ts'

const MARK = 'relay.mark'
const BATCH_MAX = 5_000
const HOURS = 24 // what was published longer ago was handled, or stands in a register
const CONFIRM_MS_MAX = 3_000
const LOOKS_MAX = 5
const LOOK_MS = 250

/**
 * A broker that has lost its disk comes back with empty queues, and what it had
 * confirmed is nowhere. So the relay leaves a message of its own there: a broker
 * that has none is told once more everything of the last {@link HOURS} hours, same
 * ids. Readers recognise what they have handled.
 *
 * @returns How many events are published again.
 */
export async function remind(pool: Pool, channel: ConfirmChannel, log: Log, { mark = MARK, batchMax = BATCH_MAX } = {}): Promise<number> {
  if (await isMarked(channel, mark)) return 0
  const events = await unpublishLatest(pool, batchMax)
  await leaveMark(channel, mark) // after the commit: who dies in between does it again
  if (events > 0) log.warn({ events }, 'the broker remembers nothing: published again')
  return events
}

/**
 * The mark is counted and never taken, so that relays do not hide it from each
 * other. Whoever looks into the queue by hand holds it for a moment, and what is
 * held is not counted: one look that finds none is not believed.
 */
async function isMarked(channel: ConfirmChannel, mark: string): Promise<boolean> {
  for (let looks = 1; ; looks++) {
    const { messageCount } = await channel.assertQueue(mark, { durable: true })
    if (messageCount > 0) return true
    if (looks === LOOKS_MAX) return false
    await sleep(LOOK_MS)
  }
}

async function unpublishLatest(pool: Pool, batchMax: number): Promise<number> {
  let events = 0
  for (let before: string | null = null; ; ) {
    const batch: Batch = await transaction(pool, (tx) => unpublishBatch(tx, before, batchMax))
    events += batch.events
    if (batch.isLast) return events
    before = batch.least
  }
}

interface Batch {
  /** The first position of the batch; null when there was nothing. */
  least: string | null
  events: number
  isLast: boolean
}

async function unpublishBatch(tx: Tx, before: string | null, batchMax: number): Promise<Batch> {
  const { least, rows, hasOld } = await findPage(tx, before, batchMax)
  const events = least === null ? 0 : await unpublish(tx, least, before)
  return { least, events, isLast: hasOld || rows < batchMax }
}

interface Page {
  least: string | null
  rows: number
  hasOld: boolean
}

/** The latest first, by their key and whatever they are: looking for young ones only would read on to the first event ever. */
async function findPage(tx: Tx, before: string | null, batchMax: number): Promise<Page> {
  const { rows } = await tx.query<Page>({
    name: 'find-page',
    text: `select min(position)::text as least, count(*)::integer as rows,
                  coalesce(bool_or(time <= clock_timestamp() - make_interval(hours => $2)), false) as "hasOld"
           from (
             select position, time
             from selling.outbox
             where position < coalesce($1, 9223372036854775807)
             order by position desc
             limit $3
           ) page`,
    values: [before, HOURS, batchMax]
  })
  return rows[0]!
}

/** From `least` up to `before`: a range of the key, so that nothing else is read. */
async function unpublish(tx: Tx, least: string, before: string | null): Promise<number> {
  const { rowCount } = await tx.query({
    name: 'unpublish',
    text: `update selling.outbox
           set published_at = null, claimed_until = null, claims = 0
           where position >= $1 and position < coalesce($2, 9223372036854775807)
             and published_at is not null and time > clock_timestamp() - make_interval(hours => $3)`,
    values: [least, before, HOURS]
  })
  return rowCount ?? 0
}

async function leaveMark(channel: ConfirmChannel, mark: string): Promise<void> {
  channel.sendToQueue(mark, Buffer.from('the relay has been here'), { persistent: true })
  const late = AbortSignal.timeout(CONFIRM_MS_MAX)
  await new Promise<void>((resolve, reject) => {
    late.addEventListener('abort', () => reject(unavailable('the broker')), { once: true })
    channel.waitForConfirms().then(resolve, reject)
  })
}
