import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { testMariadbWithUrl } from '../db/test-database.ts'
import { isUnavailable, isUnknown } from './errors.ts'
import { destroyMariadb, isMariadbDown, mariaTransaction, openMariadb } from './mariadb.ts'

const SHORT_MS = 300
const WAIT_MS_MAX = 20_000

t.test('what a transaction did is committed, and what it threw leaves no trace', async (t) => {
  const { pool } = await givenNotes(t)

  await mariaTransaction(pool, (tx) => tx.query('insert into notes values (1)'))
  const broken = mariaTransaction(pool, async (tx) => {
    await tx.query('insert into notes values (2)')
    throw new Error('no')
  })

  await t.rejects(broken, /no/)
  t.strictSame(await notes(pool), [1])
})

t.test('a transaction that takes too long is given up, and does not keep its connection', async (t) => {
  const { url } = await givenNotes(t)
  const pool = openMariadb(url, 1)
  t.teardown(() => pool.end())
  const slow = mariaTransaction(pool, (tx) => tx.query('insert into notes select 1 from (select sleep(2)) as nap'), SHORT_MS)

  const answer = await slow.catch((err: unknown) => err)

  t.ok(isMariadbDown(answer))
  t.notOk(isUnknown(answer), 'the commit was not sent')
  t.strictSame(await notes(pool), [])
})

t.test('a commit without an answer is unknown, and may have worked', async (t) => {
  const { pool, url } = await givenNotes(t)
  const muted = openMariadb(await mutedAtCommit(t, new URL(url)), 1)

  const answer = await mariaTransaction(muted, (tx) => tx.query('insert into notes values (1)'), SHORT_MS).catch((err: unknown) => err)

  t.ok(isUnknown(answer))
  t.ok(isMariadbDown(answer), 'whoever asked comes again later')
  await sleep(50)
  t.strictSame(await notes(pool), [1])
})

t.test('a pool that is destroyed ends what is under way on it, and what waits for it, at once', async (t) => {
  const { url } = await givenNotes(t)
  const pool = openMariadb(url, 1)
  const outcomeOf = (work: Promise<unknown>) => work.catch((err: unknown) => err)
  const running = outcomeOf(mariaTransaction(pool, (tx) => tx.query('select sleep(60)')))
  const waiting = outcomeOf(mariaTransaction(pool, (tx) => tx.query('insert into notes values (1)')))
  await eventually(() => sleeping(url))

  destroyMariadb(pool)

  t.ok(isMariadbDown(await running))
  t.ok(isUnavailable(await waiting))
})

/** Whether the server is at it. */
async function sleeping(url: string): Promise<boolean> {
  const connection = await createConnection({ uri: url })
  const [rows] = await connection.query<RowDataPacket[]>(
    "select id from information_schema.processlist where db = database() and info = 'select sleep(60)'"
  )
  connection.destroy()
  return rows.length === 1
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + WAIT_MS_MAX; !(await holds()); await sleep(20)) {
    if (performance.now() > deadline) throw new Error('it never came true')
  }
}

async function givenNotes(t: Test) {
  const { pool, url } = await testMariadbWithUrl(t)
  await pool.query('create table notes (id integer primary key) engine = InnoDB')
  return { pool, url }
}

async function notes(pool: ReturnType<typeof openMariadb>): Promise<number[]> {
  const [rows] = await pool.query<RowDataPacket[]>('select id from notes order by id')
  return rows.map(({ id }) => id)
}

/** A way to the server on which, once a commit has passed, nothing comes back. */
async function mutedAtCommit(t: Test, url: URL): Promise<string> {
  const way = createServer((near) => {
    const far = connect(Number(url.port), url.hostname)
    let muted = false
    near.on('data', (bytes) => {
      muted ||= /commit/i.test(bytes.toString('latin1'))
      far.write(bytes)
    })
    far.on('data', (bytes) => !muted && near.write(bytes))
    for (const [one, other] of [[near, far], [far, near]] as const) one.on('close', () => other.destroy()).on('error', () => {}) // biome-ignore format: a table
  }).listen(0, '127.0.0.1')
  await once(way, 'listening')
  t.teardown(() => way.close())
  const muted = new URL(url)
  muted.host = `127.0.0.1:${(way.address() as AddressInfo).port}`
  return muted.href
}
