import { randomUUID } from 'node:crypto'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Role } from './role.ts'

/** Which history a server holds, and how far. */
export interface Lineage {
  /** Made once, by the first primary; every copy carries it. */
  identity: string | undefined
  /** GTID position, one domain: `domain-server-sequence`, or nothing yet. */
  position: string
}

/** A history, and the last term that it was certainly a part of. */
export type Dated = Lineage & { term: number }

/** A primary as its replica sees it. */
export type Primary = Lineage & { waits: boolean }

/** Gives a primary's data its name, once. Not logged: a copy carries it. */
export async function ensureIdentity(connection: Connection): Promise<void> {
  await connection.query('set sql_log_bin = 0')
  await connection.query('create database if not exists agent')
  await connection.query(`create table if not exists agent.lineage
    (one tinyint primary key default 1 check (one = 1), identity char(36) character set ascii not null) engine = InnoDB`)
  await connection.query('insert ignore into agent.lineage (identity) values (?)', [randomUUID()])
}

export async function readLineage(connection: Connection): Promise<Lineage> {
  const [[row]] = await connection.query<RowDataPacket[]>('select @@gtid_current_pos as position')
  const [tables] = await connection.query<RowDataPacket[]>("show tables from agent like 'lineage'").catch(noneIfNoDatabase)
  if (tables.length === 0) return { identity: undefined, position: row!.position }
  const [[named]] = await connection.query<RowDataPacket[]>('select identity from agent.lineage')
  return { identity: named?.identity, position: row!.position }
}

function noneIfNoDatabase(err: NodeJS.ErrnoException): [RowDataPacket[]] {
  if (err.code !== 'ER_BAD_DB_ERROR') throw err
  return [[]]
}

/** Whether the commits after it wait for a replica is asked before the position: what it answered by then is in that position. */
export async function readPrimary(connection: Connection): Promise<Primary> {
  const [[row]] = await connection.query<RowDataPacket[]>('select @@rpl_semi_sync_master_enabled as waits')
  return { waits: row!.waits === 1, ...(await readLineage(connection)) }
}

/** Tells whoever may ask the server which term this node is in. Of this node alone: not logged, and no copy's. */
export async function noteRole(connection: Connection, { term, leader }: Pick<Role, 'term' | 'leader'>): Promise<void> {
  await connection.query('set sql_log_bin = 0')
  await connection.query('create database if not exists agent')
  await connection.query(`create table if not exists agent.role
    (one tinyint primary key default 1 check (one = 1), term integer not null, leader varchar(40) character set ascii not null) engine = InnoDB`)
  await connection.query('replace into agent.role (term, leader) values (?, ?)', [term, leader])
}

/**
 * Whether a replica that holds `own` may follow or copy this primary. One that
 * lost its data and began anew is another history, and one that went back to an
 * older state has less than the replica: in both cases the replica is the
 * treasure. MariaDB itself would follow a primary that knows nothing. What this
 * node holds from before a promotion is no treasure: the one that was promoted
 * had everything that was acknowledged.
 *
 * @returns What forbids it, or nothing.
 */
export function forbidsFollowing(own: Dated, primary: Dated): string | undefined {
  if (!primary.identity) return 'the primary is not ready to be copied'
  if (own.identity && own.identity !== primary.identity) return 'the primary holds another history than this node, which keeps its own'
  if (own.term < primary.term) return undefined
  if (sequenceOf(own.position) > sequenceOf(primary.position)) return 'the primary holds less than this node, which keeps its own'
  return undefined
}

function sequenceOf(position: string): number {
  return position === '' ? 0 : Math.max(...position.split(',').map((gtid) => Number(gtid.split('-')[2])))
}
