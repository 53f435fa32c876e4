import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Client } from 'pg'
import { type Applied, type Migration, migrationsDue, statementsOf } from './migrations.ts'

/** The one lock that keeps two migrators of a database apart; any number, the same for ever. */
const LOCK = 7_235_001
const LOCK_SECONDS_MAX = 60

/** What a statement says that an interrupted migrator has already run: the thing is there, or gone. */
const DONE_BEFORE = new Set([
  'ER_TABLE_EXISTS_ERROR',
  'ER_DUP_FIELDNAME',
  'ER_DUP_KEYNAME',
  'ER_CANT_DROP_FIELD_OR_KEY',
  'ER_BAD_TABLE_ERROR'
])

/**
 * Brings a PostgreSQL database up to date: every file of the folder that it has
 * not seen, in order, each in a transaction of its own together with its row in
 * `migrations`. Safe to run from several processes and any number of times.
 *
 * @returns The names of what was applied now.
 * @throws Error when a file that was applied has changed since.
 */
export async function migratePostgres(client: Client, folder = new URL('postgres/', import.meta.url)): Promise<string[]> {
  await client.query(`set lock_timeout = '${LOCK_SECONDS_MAX}s'`)
  await client.query('select pg_advisory_lock($1)', [LOCK])
  try {
    await client.query(`create table if not exists public.migrations
      (name text primary key, sha256 text not null, at timestamptz not null default clock_timestamp())`)
    const { rows } = await client.query<Applied>('select name, sha256 from public.migrations')
    const due = await migrationsDue(folder, rows)
    for (const migration of due) await applyToPostgres(client, migration)
    return due.map(({ name }) => name)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => {}) // without its connection the lock is gone too
  }
}

async function applyToPostgres(client: Client, { name, sql, sha256 }: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into public.migrations (name, sha256) values ($1, $2)', [name, sha256])
    await client.query('commit')
  } catch (err) {
    await client.query('rollback').catch(() => {})
    throw err
  }
}

/**
 * The same for MariaDB, where a statement that defines commits by itself. How far
 * a file has come is kept with it, so a migrator that was interrupted is
 * continued, and only the statement it died in may be found done.
 */
export async function migrateMariadb(connection: Connection, folder = new URL('mariadb/', import.meta.url)): Promise<string[]> {
  await lockMariadb(connection)
  try {
    await connection.query(`create table if not exists migrations
      (name varchar(200) primary key, sha256 char(64) not null, at datetime(3) not null default current_timestamp(3)) engine = InnoDB`)
    await connection.query(
      'create table if not exists migration_steps (name varchar(200) primary key, done integer not null) engine = InnoDB'
    )
    const [rows] = await connection.query<Array<RowDataPacket & Applied>>('select name, sha256 from migrations')
    const due = await migrationsDue(folder, rows)
    for (const migration of due) await applyToMariadb(connection, migration)
    return due.map(({ name }) => name)
  } finally {
    await connection.query("select release_lock(concat(database(), '.migrations'))").catch(() => {})
  }
}

async function applyToMariadb(connection: Connection, { name, sql, sha256 }: Migration): Promise<void> {
  const [begun] = await connection.query<RowDataPacket[]>('select done from migration_steps where name = ?', [name])
  let done: number = begun[0]?.done ?? 0
  if (begun.length === 0) await connection.query('insert into migration_steps (name, done) values (?, 0)', [name])
  for (const statement of statementsOf(sql).slice(done)) {
    await connection.beginTransaction() // for what changes rows; what defines ends it
    await connection.query(statement).catch((err: { code?: string }) => {
      if (begun[0]?.done !== done || !DONE_BEFORE.has(err.code ?? '')) throw err
    })
    done++
    await connection.query('update migration_steps set done = ? where name = ?', [done, name])
    await connection.commit()
  }
  await connection.query('insert into migrations (name, sha256) values (?, ?)', [name, sha256])
}

async function lockMariadb(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>("select get_lock(concat(database(), '.migrations'), ?) as locked", [
    LOCK_SECONDS_MAX
  ])
  if (rows[0]?.locked !== 1) throw new Error('another migrator holds the lock')
}
