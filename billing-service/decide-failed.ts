import type { Pool, RowDataPacket } from 'mysql2/promise'
import { eventOf, type Failure } from '../chassis/delivery.ts'
import { isUnavailable, isUnknown, Refusal } from '../chassis/errors.ts'
import type { Log } from '../chassis/log.ts'
import { isMariadbDown, type MariaTx, mariaTransaction } from '../chassis/mariadb.ts'
import { findFailed, leaveFailed, lockFailed, registerFailure } from './failed-register.ts'
import { enterInbox } from './inbox.ts'
import { lockSequence, moveSequence, type Place } from './order-sequence.ts'
import type { Reader, Taken } from './readers.ts'
import { refuse } from './refusals.ts'
import { readerOf, replayHeld } from './replay-held.ts'

/** What a decision came to. The same decision again comes to the same, without the events that followed. */
export interface Decided {
  eventId: string
  state: 'done' | 'held' | 'discarded'
  /** Events of the same order that were on hold and are done now, in their sequence. */
  followed: string[]
}

export interface Decision {
  by: string
  reason: string
}

/**
 * Does a failed event after all, and then what waited for it.
 *
 * @throws Refusal `EVENT_STILL_FAILS` with the reason of today, `EVENT_NOT_FAILED`, `EVENT_DISCARDED`.
 */
export async function retryFailed(pool: Pool, log: Log, readers: Reader[], eventId: string): Promise<Decided> {
  const failed = await findFailed(pool, eventId)
  if (!failed) return decidedBefore(pool, eventId, 'done')
  const place = placeOf(readers, failed)
  const taken = await takeAgain(pool, readers, failed, place)
  if (!taken) return decidedBefore(pool, eventId, 'done')
  log.info({ eventId, orderId: place?.orderId, held: taken.held }, 'failed event tried again')
  if (taken.held) return { eventId, state: 'held', followed: [] }
  return { eventId, state: 'done', followed: place ? await replayHeld(pool, log, readers, place.orderId) : [] }
}

/**
 * Gives a failed event up, for ever, and does what waited for it. Its bytes are
 * kept, with who gave it up and why; when it is delivered again, it is known.
 *
 * @throws Refusal `EVENT_NOT_FAILED`, `EVENT_OUT_OF_TURN` while an earlier event of its order is missing or failed.
 */
export async function discardFailed(pool: Pool, log: Log, readers: Reader[], eventId: string, decision: Decision): Promise<Decided> {
  const found = await findFailed(pool, eventId)
  if (!found) return decidedBefore(pool, eventId, 'discarded')
  const place = placeOf(readers, found)
  const discarded = await mariaTransaction(pool, async (tx) => {
    const last = place ? await lockSequence(tx, place.orderId) : 0
    const failed = await lockFailed(tx, eventId)
    if (!failed) return false
    if (place && place.sequence > last + 1) throw refuse('EVENT_OUT_OF_TURN', { eventId, sequence: place.sequence, last })
    await keepDiscarded(tx, failed, decision)
    await leaveFailed(tx, eventId)
    await enterInbox(tx, eventId, readerOf(readers, failed.queue).contract.type)
    if (place && place.sequence > last) await moveSequence(tx, place)
    return true
  })
  if (!discarded) return decidedBefore(pool, eventId, 'discarded')
  log.warn({ eventId, orderId: place?.orderId, ...decision }, 'failed event discarded')
  return { eventId, state: 'discarded', followed: place ? await replayHeld(pool, log, readers, place.orderId) : [] }
}

/** @returns Nothing when it is no longer in the register. */
async function takeAgain(pool: Pool, readers: Reader[], failed: Failure, place: Place | undefined): Promise<Taken | undefined> {
  try {
    return await mariaTransaction(pool, async (tx) => {
      if (place) await lockSequence(tx, place.orderId)
      if (!(await lockFailed(tx, failed.eventId))) return undefined
      const reader = readerOf(readers, failed.queue)
      return reader.take(tx, eventOf(reader.contract, failed), failed)
    })
  } catch (err) {
    if (isMariadbDown(err) || isUnknown(err) || isUnavailable(err)) throw err
    const reason = String(err)
    await registerFailure(pool, { ...failed, reason })
    throw refuse('EVENT_STILL_FAILS', { eventId: failed.eventId, reason, ...(err instanceof Refusal && { code: err.code }) })
  }
}

/** A failed event that cannot be read may still say, in part, where it stood. */
function placeOf(readers: Reader[], { queue, subject, body }: Failure): Place | undefined {
  const { sequence: shape } = readerOf(readers, queue).contract.data.properties
  const sequence = (shape as { const?: unknown } | undefined)?.const ?? (shape && sequenceIn(body))
  return subject !== null && Number.isInteger(sequence) ? { orderId: subject, sequence: sequence as number } : undefined
}

function sequenceIn(body: Buffer): unknown {
  try {
    return (JSON.parse(body.toString()) as { sequence?: unknown } | null)?.sequence
  } catch {
    return undefined
  }
}

/** Somebody was here before: this caller, whose answer was lost, or another. */
async function decidedBefore(pool: Pool, eventId: string, wanted: 'done' | 'discarded'): Promise<Decided> {
  const [[row]] = await pool.execute<Array<RowDataPacket & { done: number; discarded: number }>>(
    `select exists (select 1 from inbox where event_id = ?) as done,
            exists (select 1 from discarded_events where event_id = ?) as discarded`,
    [eventId, eventId]
  )
  const state = row?.discarded ? 'discarded' : row?.done ? 'done' : undefined
  if (state === wanted) return { eventId, state, followed: [] }
  throw state === 'discarded' ? refuse('EVENT_DISCARDED', { eventId }) : refuse('EVENT_NOT_FAILED', { eventId })
}

async function keepDiscarded(tx: MariaTx, { eventId, queue }: Failure, { by, reason }: Decision): Promise<void> {
  await tx.execute(
    `insert into discarded_events (event_id, queue, subject, reason, headers, body, failed_at, discarded_by, discarded_for)
     select event_id, queue, subject, reason, headers, body, failed_at, ?, ?
     from failed_events
     where event_id = ? and queue = ?`,
    [by, reason, eventId, queue]
  )
}
