import type { Connection, RowDataPacket } from 'mysql2/promise'

export interface Status {
  readOnly: boolean
  gtid: { current: string; binlog: string; applied: string }
  /** Replicas that acknowledge, and sessions that wait for one to. */
  semiSync: { on: boolean; replicas: number; waiting: number }
}

export interface Replication {
  primary: { host: string; port: number }
  io: 'Yes' | 'No' | 'Connecting'
  sql: 'Yes' | 'No'
  /** null while it is not known. */
  lagSeconds: number | null
  ioErrno: number
  sqlErrno: number
  error: string
}

export async function readStatus(connection: Connection): Promise<Status> {
  const [[row]] = await connection.query<RowDataPacket[]>(`
    select @@read_only as readOnly, @@gtid_current_pos as current, @@gtid_binlog_pos as binlog, @@gtid_slave_pos as applied`)
  const [variables] = await connection.query<RowDataPacket[]>("show global status like 'Rpl_semi_sync_master_%'")
  const figure = (name: string) => variables.find((variable) => variable.Variable_name === `Rpl_semi_sync_master_${name}`)?.Value
  return {
    readOnly: row!.readOnly === 1,
    gtid: { current: row!.current, binlog: row!.binlog, applied: row!.applied },
    semiSync: { on: figure('status') === 'ON', replicas: Number(figure('clients')), waiting: Number(figure('wait_sessions')) }
  }
}

export async function readReplication(connection: Connection): Promise<Replication | undefined> {
  const [[row]] = await connection.query<RowDataPacket[]>('show slave status')
  if (!row?.Master_Host) return undefined
  return {
    primary: { host: row.Master_Host, port: row.Master_Port },
    io: row.Slave_IO_Running === 'Preparing' ? 'Connecting' : row.Slave_IO_Running,
    sql: row.Slave_SQL_Running,
    lagSeconds: row.Seconds_Behind_Master,
    ioErrno: row.Last_IO_Errno,
    sqlErrno: row.Last_SQL_Errno,
    error: row.Last_SQL_Error || row.Last_IO_Error
  }
}
