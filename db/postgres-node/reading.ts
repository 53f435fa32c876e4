import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type Pool } from 'pg'
import type { Config, Passwords } from './config.ts'
import { SOCKET_ROLE } from './settings.ts'

const ANSWER_MS_MAX = 1_000
const CONNECTIONS_MAX = 3
const LOOK_MS = 25

/** What PostgreSQL says of itself, through the socket. Positions in bytes of WAL. */
export interface Reading {
  standby: boolean
  /** End of its own WAL: written here, or received and replayed. */
  lsn: number
  /** End of what was replayed whole: where it would begin to write when promoted. */
  replayed: number
  /** Replay has reached the end of what is here, and nobody sends more. */
  waiting: boolean
  conninfo: string
  streaming: boolean
  rowEpoch: number
}

export function openSocket({ DATA_DIRECTORY, POSTGRES_PORT }: Config, { superuser }: Passwords): Pool {
  const pool = new pg.Pool({
    host: DATA_DIRECTORY,
    port: POSTGRES_PORT,
    user: SOCKET_ROLE,
    password: superuser,
    database: 'ticketflow',
    application_name: 'agent',
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: ANSWER_MS_MAX,
    query_timeout: ANSWER_MS_MAX
  })
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', () => {}) // it comes and goes; the next reading says so
  return pool
}

/** @returns Nothing when PostgreSQL does not answer in time. */
export async function read(socket: Pool, msMax = ANSWER_MS_MAX): Promise<Reading | undefined> {
  const answer = socket.query<Reading>({ name: 'read', text: READ }).then(
    ({ rows }) => rows[0],
    () => undefined
  )
  return await Promise.race([answer, sleep(msMax, undefined, { ref: false })])
}

const READ = `
  select pg_is_in_recovery() as standby,
         (case when pg_is_in_recovery() then greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
               else pg_current_wal_flush_lsn() end - '0/0')::float8 as lsn,
         (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end - '0/0')::float8 as replayed,
         exists (select from pg_stat_activity
                 where backend_type = 'startup' and wait_event = 'RecoveryRetrieveRetryInterval') as waiting,
         current_setting('primary_conninfo') as conninfo,
         exists (select from pg_stat_wal_receiver where status = 'streaming') as streaming,
         coalesce((select max(epoch) from public.reign), 0)::float8 as "rowEpoch"`

/**
 * Waits until a detached standby has replayed all it has: two readings that
 * agree, with the replaying process asleep. Right after a start the positions
 * lie low or are not there at all, so a single one proves nothing.
 *
 * @returns Nothing when that did not come about: not ready, never a lower number.
 */
export async function readSettled(socket: Pool, msMax: number): Promise<Reading | undefined> {
  const deadline = performance.now() + msMax
  let before: Reading | undefined
  while (performance.now() < deadline) {
    const now = await read(socket)
    if (now && before && isSettled(before, now)) return now
    before = now
    await sleep(LOOK_MS)
  }
  return undefined
}

function isSettled(before: Reading, now: Reading): boolean {
  return before.conninfo === '' && before.waiting && now.waiting && isUntouched(before, now)
}

/** Whether a standby that follows nobody stands where it stood. */
export function isUntouched(before: Reading, now: Reading): boolean {
  return now.standby && now.conninfo === '' && !now.streaming && now.replayed === before.replayed && now.lsn === before.lsn
}
