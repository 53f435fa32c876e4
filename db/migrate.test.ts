import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import mysql from 'mysql2/promise'
import pg from 'pg'
import t, { type Test } from 'tap'
import { migrateMariadb, migratePostgres } from './migrate.ts'
import { testDatabaseUrl, testMariadbWithUrl } from './test-database.ts'

const FIRST = { '0001-orders.sql': '-- Why: a test.\ncreate table kept (id integer primary key);\ninsert into kept values (7);' }
const SECOND = {
  '0002-codes.sql': "alter table kept add column code varchar(20) not null default 'none';\ncreate table fresh (id integer);"
}

for (const database of ['postgres', 'mariadb'] as const) {
  t.test(`${database}: an older version's data are brought up to date and kept`, async (t) => {
    const connect = await freshDatabase(t, database)
    const folder = await folderOf(t, FIRST)
    const older = await (await connect()).migrate(folder)

    await addTo(folder, SECOND)
    const newer = await connect()

    t.strictSame(older, ['0001-orders.sql'])
    t.strictSame(await newer.migrate(folder), ['0002-codes.sql'])
    t.strictSame(await newer.rows('select id, code from kept'), [{ id: 7, code: 'none' }])
    t.strictSame(await newer.migrate(folder), [], 'and then nothing is due')
  })

  t.test(`${database}: of two migrators at once, one applies and the other finds it done`, async (t) => {
    const connect = await freshDatabase(t, database)
    const folder = await folderOf(t, { ...FIRST, ...SECOND })
    const migrators = await Promise.all([connect(), connect()])

    const applied = await Promise.all(migrators.map(({ migrate }) => migrate(folder)))

    t.strictSame(applied.map(({ length }) => length).sort(), [0, 2])
    t.strictSame(await migrators[0]!.rows('select id from kept'), [{ id: 7 }])
  })

  t.test(`${database}: a file that was changed after it was applied is refused, and nothing is done`, async (t) => {
    const connect = await freshDatabase(t, database)
    const folder = await folderOf(t, FIRST)
    const { migrate, rows } = await connect()
    await migrate(folder)

    await addTo(folder, { '0001-orders.sql': 'create table other (id integer);', ...SECOND })

    await t.rejects(migrate(folder), /0001-orders.sql was changed/)
    t.strictSame(await rows('select * from kept'), [{ id: 7 }])
  })

  t.test(`${database}: a file with a mistake is not applied, and its correction is`, async (t) => {
    const connect = await freshDatabase(t, database)
    const folder = await folderOf(t, { ...FIRST, '0002-codes.sql': 'alter table absent add column code integer;' })
    await t.rejects((await connect()).migrate(folder))

    await addTo(folder, SECOND)

    t.strictSame(await (await connect()).migrate(folder), ['0002-codes.sql'])
  })
}

t.test('mariadb: a migrator that died between a definition and its record is continued', async (t) => {
  const connect = await freshDatabase(t, 'mariadb')
  const folder = await folderOf(t, { ...FIRST, ...SECOND })
  const { migrate, rows } = await connect()
  await migrate(folder)
  await rows("delete from migrations where name = '0002-codes.sql'")
  await rows("update migration_steps set done = 1 where name = '0002-codes.sql'") // `fresh` is there, and nobody wrote that down

  t.strictSame(await migrate(folder), ['0002-codes.sql'])
  t.strictSame(await rows('select * from kept'), [{ id: 7, code: 'none' }])
})

t.test('the job brings both databases up, is quick when nothing is due, and fails when a database stays away', async (t) => {
  const { url } = await testMariadbWithUrl(t)
  const there = { POSTGRES_NODES: await testDatabaseUrl(t), MARIADB_URL: url }

  const done = await job(there)
  const away = await job({ ...there, MARIADB_URL: 'mysql://owner:o@127.103.9.9:3306/billing', WAIT_MS_MAX: '500' })

  t.equal(done.code, 0)
  t.match(done.words, /"database":"postgres","applied":\[\].*up to date/)
  t.match(done.words, /"database":"mariadb","applied":\[\].*up to date/)
  t.equal(away.code, 1)
  t.match(away.words, /waiting for the database/)
})

interface Migrator {
  migrate: (folder: URL) => Promise<string[]>
  rows: (sql: string) => Promise<unknown[]>
}

async function freshDatabase(t: Test, database: 'postgres' | 'mariadb'): Promise<() => Promise<Migrator>> {
  if (database === 'postgres') {
    const url = await testDatabaseUrl(t)
    return async () => {
      const client = new pg.Client(url)
      await client.connect()
      t.teardown(() => client.end())
      return { migrate: (folder) => migratePostgres(client, folder), rows: async (sql) => (await client.query(sql)).rows }
    }
  }
  const { url } = await testMariadbWithUrl(t)
  return async () => {
    const connection = await mysql.createConnection({ uri: url })
    t.teardown(() => connection.end())
    return {
      migrate: (folder) => migrateMariadb(connection, folder),
      rows: async (sql) => {
        const [rows] = await connection.query(sql)
        return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : []
      }
    }
  }
}

async function folderOf(t: Test, files: Record<string, string>): Promise<URL> {
  const folder = pathToFileURL(`${await mkdtemp(join(tmpdir(), 'migrations-'))}/`)
  t.teardown(() => rm(folder, { recursive: true }))
  await addTo(folder, files)
  return folder
}

async function addTo(folder: URL, files: Record<string, string>): Promise<void> {
  for (const [name, sql] of Object.entries(files)) await writeFile(new URL(name, folder), sql)
}

async function job(settings: Record<string, string>): Promise<{ code: number; words: string }> {
  const child = spawn(process.execPath, ['db/migrate.main.ts'], { env: { ...process.env, ...settings } })
  const [words, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { code, words }
}
