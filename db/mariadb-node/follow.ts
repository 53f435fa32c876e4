import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Replication } from './status.ts'
import type { Source } from './visit.ts'

/** Tries of a start before a copy is thought broken: what heals by itself has healed by then. */
const STARTS_MAX = 5
const WRONG_PASSWORD = 1045
const NOT_IN_BINLOG = 1236

/** `point`: say whom to follow; `start`: again; `copy`: this copy cannot follow any more. */
export type Step = 'none' | 'point' | 'start' | 'copy'

/**
 * What a replica has to do to follow `source`, decided from what it sees alone.
 *
 * @param starts - How often it was started since it last ran.
 */
export function nextStep(seen: Replication | undefined, source: Pick<Source, 'host' | 'port'>, starts: number): Step {
  if (!seen || seen.primary.host !== source.host || seen.primary.port !== source.port) return 'point'
  if (seen.ioErrno === WRONG_PASSWORD) return 'point'
  if (seen.io !== 'No' && seen.sql === 'Yes') return 'none'
  const broken = seen.sqlErrno !== 0 || seen.ioErrno === NOT_IN_BINLOG
  return broken && starts >= STARTS_MAX ? 'copy' : 'start'
}

/** A former primary follows from the end of its own log. */
export async function pointAt(connection: Connection, { host, port, user, password }: Source): Promise<void> {
  await connection.query('stop slave')
  await connection.query('set global gtid_slave_pos = @@gtid_current_pos')
  await connection.query(
    `change master to master_host = ?, master_port = ?, master_user = ?, master_password = ?,
     master_use_gtid = slave_pos, master_connect_retry = 1, master_heartbeat_period = 1`,
    [host, port, user, password]
  )
  await connection.query('start slave')
}

/**
 * Ends well: what was acknowledged and waits in the relay log is applied, because
 * the next start of the replication drops that log.
 *
 * @returns Whether all of it was applied in time.
 */
export async function drain(connection: Connection, msMax: number): Promise<boolean> {
  await connection.query('stop slave io_thread')
  return reached(connection, await receivedBy(connection), msMax)
}

/** Whether the node has applied everything up to a GTID position, in time. */
export async function reached(connection: Connection, position: string, msMax: number): Promise<boolean> {
  const [[row]] = await connection.query<RowDataPacket[]>('select master_gtid_wait(?, ?) as late', [position, msMax / 1_000])
  return row?.late === 0
}

async function receivedBy(connection: Connection): Promise<string> {
  const [rows] = await connection.query('show slave status')
  return (rows as Array<{ Gtid_IO_Pos: string }>)[0]?.Gtid_IO_Pos ?? ''
}
