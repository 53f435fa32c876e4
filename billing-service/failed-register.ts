import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import type { Failure } from '../chassis/delivery.ts'
import { type MariaTx, mariaTransaction } from '../chassis/mariadb.ts'

const REASON_CHARS_MAX = 2_000

/** Keeps an event that nobody will try again until a person has looked at it, with the bytes as they came. */
export async function registerFailure(pool: Pool, failure: Failure): Promise<void> {
  await mariaTransaction(pool, (tx) => enterFailed(tx, failure))
}

/** An event that was done meanwhile, by another delivery of it, has not failed. A write either way: its commit waits for the replica. */
export async function enterFailed(tx: MariaTx, { eventId, queue, subject, reason, headers, body }: Failure): Promise<void> {
  const [done] = await tx.execute<ResultSetHeader>('update inbox set deliveries = deliveries + 1 where event_id = ?', [eventId])
  if (done.affectedRows > 0) return
  await tx.execute(
    `insert into failed_events (event_id, queue, subject, reason, headers, body) values (?, ?, ?, ?, ?, ?)
     on duplicate key update reason = values(reason), headers = values(headers), body = values(body), times = times + 1,
                             failed_at = utc_timestamp(3)`,
    [eventId, queue, subject, reason.slice(0, REASON_CHARS_MAX), JSON.stringify(headers), body]
  )
}

/** Unlocked: to find out what must be locked before {@link lockFailed}. */
export async function findFailed(pool: Pool, eventId: string): Promise<Failure | undefined> {
  const [[row]] = await pool.execute<FailedRow[]>(`${SELECT} where event_id = ?`, [eventId])
  return row && failureIn(row)
}

export async function lockFailed(tx: MariaTx, eventId: string): Promise<Failure | undefined> {
  const [[row]] = await tx.execute<FailedRow[]>(`${SELECT} where event_id = ? for update`, [eventId])
  return row && failureIn(row)
}

/** Its history goes with it: what a person gave up is kept elsewhere. */
export async function leaveFailed(tx: MariaTx, eventId: string): Promise<void> {
  await tx.execute('delete from failed_events where event_id = ?', [eventId])
}

type FailedRow = RowDataPacket & Omit<Failure, 'headers'> & { headers: string }

const SELECT = 'select event_id as eventId, queue, subject, reason, headers, body from failed_events'

function failureIn({ eventId, queue, subject, reason, headers, body }: FailedRow): Failure {
  return { eventId, queue, subject, reason, headers: JSON.parse(headers) as Failure['headers'], body }
}
