import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Client } from 'pg'

interface Migration {
  name: string
  sql: string
  sha256: string
}

/** The one lock that keeps two migrators apart; any number, the same for ever. */
const LOCK = 7_235_001

/**
 * Brings a PostgreSQL database up to date: every file of `db/postgres` that it
 * has not seen, in order, each in a transaction of its own together with its
 * row in `migrations`. Safe to run from several processes and any number of times.
 *
 * @returns The names of what was applied now.
 * @throws Error when a file that was applied has changed since.
 */
export async function migratePostgres(client: Client): Promise<string[]> {
  await client.query('select pg_advisory_lock($1)', [LOCK])
  try {
    await client.query(`create table if not exists public.migrations
      (name text primary key, sha256 text not null, at timestamptz not null default clock_timestamp())`)
    const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from public.migrations')
    const due = dueOf(await migrationsIn('postgres'), rows)
    for (const { name, sql, sha256 } of due) {
      await client.query('begin')
      await client.query(sql)
      await client.query('insert into public.migrations (name, sha256) values ($1, $2)', [name, sha256])
      await client.query('commit')
    }
    return due.map(({ name }) => name)
  } catch (err) {
    await client.query('rollback')
    throw err
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK])
  }
}

/** The same for MariaDB, where a statement that defines commits by itself: each statement must bear being the last one done. */
export async function migrateMariadb(connection: Connection): Promise<string[]> {
  await connection.query("select get_lock('migrations', 60)")
  try {
    await connection.query(`create table if not exists migrations
      (name varchar(200) primary key, sha256 char(64) not null, at datetime(3) not null default current_timestamp(3))`)
    const [rows] = await connection.query<Array<RowDataPacket & { name: string; sha256: string }>>('select name, sha256 from migrations')
    const due = dueOf(await migrationsIn('mariadb'), rows)
    for (const { name, sql, sha256 } of due) {
      for (const statement of statementsOf(sql)) await connection.query(statement)
      await connection.query('insert into migrations (name, sha256) values (?, ?)', [name, sha256])
    }
    return due.map(({ name }) => name)
  } finally {
    await connection.query("select release_lock('migrations')")
  }
}

function dueOf(files: Migration[], applied: Array<{ name: string; sha256: string }>): Migration[] {
  for (const { name, sha256 } of applied) {
    const file = files.find((candidate) => candidate.name === name)
    if (file && file.sha256 !== sha256) throw new Error(`migration ${name} was changed after it was applied: add a new one instead`)
  }
  return files.filter(({ name }) => !applied.some((row) => row.name === name))
}

async function migrationsIn(folder: 'postgres' | 'mariadb'): Promise<Migration[]> {
  const directory = new URL(`${folder}/`, import.meta.url)
  const names = (await readdir(directory)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, directory), 'utf8')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    })
  )
}

/** Our files hold no semicolon inside a literal and no procedure. */
function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
