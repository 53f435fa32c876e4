import type { Pool, QueryResultRow } from 'pg'
import type { Read } from './fresh.ts'

const TRIES_MAX = 2

/**
 * Runs a query on the node that is read, once more when it was not the query's
 * fault: a standby cancels readers that stand in the way of what it must replay.
 */
export async function rowsOf<Row>(pool: () => Pool, text: string, values: unknown[] = []): Promise<Row[]> {
  for (let tries = 1; ; tries++) {
    try {
      const { rows } = await pool().query<QueryResultRow>(text, values)
      return rows as Row[]
    } catch (err) {
      if (tries === TRIES_MAX || !passes(err)) throw err
    }
  }
}

/** Cancelled by replay (40001, 40P01, 57014), the node going down or away (57P0x, 08xxx), or the connection lost. */
function passes(err: unknown): boolean {
  const { code = '', message = '' } = err as { code?: string; message?: string }
  return /^(40001|40P01|57014|57P0|08)/.test(code) || /^E[A-Z]+$/.test(code) || /terminated|timeout/i.test(message)
}

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
