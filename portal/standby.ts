import type { Pool, QueryResultRow } from 'pg'
import { READ_MS_MAX } from '../chassis/deadlines.ts'
import { openPatience, type Patience } from '../chassis/patience.ts'
import { orUnavailable } from '../chassis/postgres.ts'
import type { Read } from './fresh.ts'

const READS_MAX = 500

/**
 * Runs a query on the node that is read, and again, on whichever node is read by
 * then, when it was not the query's fault: a standby cancels readers that stand
 * in the way of what it must replay, goes down, or becomes the primary.
 */
export function rowsOf<Row>(pool: () => Pool, text: string, values: unknown[] = []): Promise<Row[]> {
  return patienceOf(pool)(async () => {
    const { rows } = await pool()
      .query<QueryResultRow>(text, values)
      .catch((err: unknown) => {
        throw orUnavailable(err)
      })
    return rows as Row[]
  })
}

/** One for all who read from the same place: it bounds how many wait for it. */
function patienceOf(pool: () => Pool): Patience {
  const known = patiences.get(pool) ?? openPatience({ answerMsMax: READ_MS_MAX, commandsMax: READS_MAX })
  patiences.set(pool, known)
  return known
}

const patiences = new WeakMap<() => Pool, Patience>()

/**
 * Adds how far the node lies behind, at most; infinity where nothing is known.
 * A primary does not. A standby has everything up to the last commit it
 * replayed, and the failover's probe commits all the time. Where nothing
 * commits, that time only says when somebody last bought: then a standby that
 * has replayed all it received is as fresh as its connection, which ends when
 * the primary has been silent for `wal_receiver_timeout`.
 */
export async function stamped<T>(pool: () => Pool, value: T): Promise<Read<T>> {
  const [row] = await rowsOf<{ behind: number }>(
    pool,
    `select case when not pg_is_in_recovery() then 0 else least(
       greatest(0, extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::double precision),
       (select setting::double precision / 1000 from pg_settings
        where name = 'wal_receiver_timeout' and pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
          and exists (select from pg_stat_wal_receiver where pid is not null)),
       'infinity'::double precision
     ) end as behind`
  )
  return { value, behindSeconds: row?.behind ?? Number.POSITIVE_INFINITY }
}
