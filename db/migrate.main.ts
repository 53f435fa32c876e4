import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { readConfig } from '../chassis/config.ts'
import { isUnavailable } from '../chassis/errors.ts'
import { createLog } from '../chassis/log.ts'
import { isMariadbDown } from '../chassis/mariadb.ts'
import { watchMariadb } from '../chassis/mariadb-writer.ts'
import { watchPrimary } from '../chassis/primary.ts'
import { MigrateConfig } from './config.ts'
import { migrateMariadb, migratePostgres } from './migrate.ts'

const CONNECT_MS_MAX = 2_000
const PAUSE_MS = 250

/** Of PostgreSQL, for what goes by: connection, shutdown, a node that is no primary any more, resources, locks. */
const GOES_BY = /^(08|57P|25006|53|55P03|40)/

const config = readConfig(MigrateConfig, process.env)
const log = createLog('migrate', config.LOG_LEVEL)
const deadline = performance.now() + config.WAIT_MS_MAX

const primary = watchPrimary(config.POSTGRES_NODES, log)
const store = watchMariadb(config.MARIADB_URL, log)
let postgresUrl: string | undefined
primary.onReign((url) => {
  postgresUrl = url
})

const outcomes = await Promise.allSettled([bringUp('postgres', postgres), bringUp('mariadb', mariadb)])
await Promise.all([primary.close(), store.close()])
process.exitCode = outcomes.some(({ status }) => status === 'rejected') ? 1 : 0

/** Again while the database is away; a migration that is wrong stays wrong. */
async function bringUp(database: string, migrateOnce: () => Promise<string[]>): Promise<void> {
  for (let waiting = false; ; waiting = true) {
    try {
      const applied = await migrateOnce()
      return log.info({ database, applied }, 'database is up to date')
    } catch (err) {
      if (!isAway(err) || performance.now() > deadline) {
        log.fatal({ database, err }, 'database was not brought up to date')
        throw err
      }
      if (!waiting) log.info({ database, reason: (err as Error).message }, 'waiting for the database')
      await sleep(PAUSE_MS)
    }
  }
}

async function postgres(): Promise<string[]> {
  if (!postgresUrl) throw Object.assign(new Error('there is no primary yet'), { code: 'ECONNREFUSED' })
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: CONNECT_MS_MAX })
  client.on('error', () => {}) // its query fails with it
  try {
    await client.connect()
    return await migratePostgres(client)
  } finally {
    await client.end().catch(() => {})
  }
}

async function mariadb(): Promise<string[]> {
  const connection = await mysql.createConnection({ uri: store.url(), connectTimeout: CONNECT_MS_MAX })
  connection.on('error', () => {})
  try {
    return await migrateMariadb(connection)
  } finally {
    connection.destroy()
  }
}

function isAway(err: unknown): boolean {
  const { code = '', message = '' } = err as { code?: string; message?: string }
  return GOES_BY.test(code) || /^E[A-Z]+$/.test(code) || isMariadbDown(err) || isUnavailable(err) || /terminated|timeout/i.test(message)
}
