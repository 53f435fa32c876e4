import type { Pool } from 'mysql2/promise'
import type { Failure } from '../chassis/consume.ts'

const REASON_CHARS_MAX = 2_000

/** Keeps an event that nobody will try again until a person has looked at it, with the bytes as they came. */
export async function registerFailure(pool: Pool, { eventId, queue, subject, reason, headers, body }: Failure): Promise<void> {
  await pool.execute(
    `insert into failed_events (event_id, queue, subject, reason, headers, body) values (?, ?, ?, ?, ?, ?)
     on duplicate key update reason = values(reason), headers = values(headers), body = values(body), failed_at = utc_timestamp(3)`,
    [eventId, queue, subject, reason.slice(0, REASON_CHARS_MAX), JSON.stringify(headers), body]
  )
}
