import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import pg, { type Pool } from 'pg'
import type { Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { openMariadb } from '../chassis/mariadb.ts'
import { openPool } from '../chassis/postgres.ts'
import { migrateMariadb, migratePostgres } from './migrate.ts'

const TEMPLATE = 'ticketflow_template'
const LOCK = 7_235_002
const NOT_OURS = '42501'
const DROPS_MAX = 50
const DROP_PAUSE_MS = 100

/**
 * A migrated PostgreSQL database of its own, cloned from a template and dropped
 * when the test ends. The server is `TEST_POSTGRES_URL`, a superuser's address.
 *
 * @param role - Act as this role, with no more rights than the service has.
 */
export async function testDatabase(t: Test, role?: 'selling' | 'purchase' | 'relay' | 'catalogue'): Promise<Pool> {
  return openPool(await testDatabaseUrl(t, role), createLog('test', 'fatal'), { connectionsMax: 20 }).on('error', () => {})
}

/** The address of such a database, for what opens connections of its own. */
export async function testDatabaseUrl(t: Test, role?: string): Promise<string> {
  const admin = new pg.Client(serverUrl('postgres'))
  await admin.connect()
  await ensureTemplate(admin)
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await admin.query(`create database ${name} template ${TEMPLATE}`)
  t.teardown(() => dropDatabase(admin, name).finally(() => admin.end()))
  return serverUrl(name) + (role ? `?options=-c%20role%3D${role}` : '')
}

/** A cleaner of the server's own that is in there for a moment may not be put out by us: it goes by itself. */
async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return void (await admin.query(`drop database ${name} with (force)`))
    } catch (err) {
      if ((err as { code?: string }).code !== NOT_OURS || tries === DROPS_MAX) throw err
      await sleep(DROP_PAUSE_MS)
    }
  }
}

/** Made once for all test processes, and again when the migrations have changed. */
async function ensureTemplate(admin: pg.Client): Promise<void> {
  await admin.query('select pg_advisory_lock($1)', [LOCK])
  try {
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [TEMPLATE])
    if (!rowCount) await admin.query(`create database ${TEMPLATE}`)
    const client = new pg.Client(serverUrl(TEMPLATE))
    await client.connect()
    try {
      await migratePostgres(client)
    } finally {
      await client.end()
    }
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [LOCK])
  }
}

/** A migrated MariaDB database of its own, dropped when the test ends. The server is `TEST_MARIADB_URL`. */
export async function testMariadb(t: Test): Promise<mysql.Pool> {
  return (await testMariadbWithUrl(t)).pool
}

export async function testMariadbWithUrl(t: Test): Promise<{ pool: mysql.Pool; url: string }> {
  const admin = await mysql.createConnection({ uri: setting('TEST_MARIADB_URL') })
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await admin.query(`create database ${name} character set utf8mb4`)
  const url = new URL(setting('TEST_MARIADB_URL'))
  url.pathname = `/${name}`
  const connection = await mysql.createConnection({ uri: url.href })
  await migrateMariadb(connection)
  await connection.end()
  const pool = openMariadb(url.href, 20)
  t.teardown(async () => {
    await pool.end()
    await admin.query(`drop database ${name}`)
    await admin.end()
  })
  return { pool, url: url.href }
}

function serverUrl(database: string): string {
  const url = new URL(setting('TEST_POSTGRES_URL'))
  url.pathname = `/${database}`
  return url.href
}

function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run the tests with npm test`)
  return value
}
