import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import t, { type Test } from 'tap'
import { testDatabaseUrl } from '../db/test-database.ts'
import { isUnavailable, isUnknown, Refusal } from './errors.ts'
import { createLog } from './log.ts'
import { destroyPool, openPool, transaction } from './postgres.ts'

const log = createLog('test', 'silent')

t.test('what a transaction did is committed, and what it threw leaves no trace', async (t) => {
  const pool = await givenNotes(t)

  await transaction(pool, (tx) => tx.query("insert into notes values ('kept')"))
  const broken = transaction(pool, async (tx) => {
    await tx.query("insert into notes values ('lost')")
    throw new Refusal('NO', 409, 'no', {})
  })

  await t.rejects(broken, { code: 'NO' })
  t.strictSame((await pool.query('select text from notes')).rows, [{ text: 'kept' }])
})

for (const [when, forwards, rows] of [
  ['before it arrived', false, 0],
  ['after it arrived', true, 1]
] as const) {
  t.test(`a connection cut ${when} makes the outcome of a commit unknown, and the repeat finds the truth`, async (t) => {
    const url = new URL(await givenNotesUrl(t))
    const pool = openPool(await cutAtCommit(t, url, forwards), log)
    t.teardown(() => pool.end())

    const answer = await transaction(pool, (tx) => tx.query("insert into notes values ('perhaps')")).catch((err: unknown) => err)

    t.ok(isUnknown(answer))
    const direct = openPool(url.href, log)
    t.teardown(() => direct.end())
    t.equal((await eventually(() => direct.query('select from notes').then(({ rowCount }) => rowCount), rows)) ?? 0, rows)
  })
}

t.test('a database that is not there is unavailable: nothing was done', async (t) => {
  const pool = openPool('postgres://nobody@127.9.6.99:5999/none', log)

  const answer = await transaction(pool, async () => 1).catch((err: unknown) => err)

  t.ok(isUnavailable(answer))
  t.notOk(isUnknown(answer))
})

t.test('a pool that is given up fails what is under way and what waits for a connection, now, and leaves none open', async (t) => {
  const pool = openPool(await givenNotesUrl(t), log, { connectionsMax: 2 })
  const work = Array.from({ length: 6 }, () => transaction(pool, (tx) => tx.query('select pg_sleep(2)')).catch((err: unknown) => err))
  await eventually(async () => `${pool.totalCount} ${pool.waitingCount}`, '2 4')
  const beganMs = performance.now()

  await destroyPool(pool)
  const outcomes = await Promise.all(work)

  t.ok(outcomes.every(isUnavailable), outcomes.map(String).join())
  t.ok(performance.now() - beganMs < 500)
  t.equal(pool.totalCount, 0)
})

t.test('a lock that is not given leaves its connection as it was, and is no trouble of the node', async (t) => {
  const troubles: unknown[] = []
  const url = await givenNotesUrl(t)
  const pool = openPool(url, log, { connectionsMax: 1, onTrouble: (err) => troubles.push(err) })
  const other = openPool(url, log)
  t.teardown(() => Promise.all([pool.end(), other.end()]))
  const pid = async () => (await pool.query('select pg_backend_pid() as pid')).rows[0].pid
  const before = await pid()

  await transaction(other, async (tx) => {
    await tx.query('lock table notes')
    const refused = await transaction(pool, (mine) => mine.query('select from notes')).catch((err: unknown) => err)
    t.ok(isUnavailable(refused))
  })

  t.equal(await pid(), before)
  t.strictSame(troubles, [])
})

async function givenNotesUrl(t: Test): Promise<string> {
  const url = await testDatabaseUrl(t)
  const pool = openPool(url, log)
  await pool.query('create table notes (text text)')
  await pool.end()
  return url
}

async function givenNotes(t: Test) {
  const pool = openPool(await givenNotesUrl(t), log)
  t.teardown(() => pool.end())
  return pool
}

/** A wire to the database that breaks when it sees a commit, either just before or just after passing it on. */
async function cutAtCommit(t: Test, target: URL, forwards: boolean): Promise<string> {
  const wire = createServer((client) => {
    const server = connect(Number(target.port), target.hostname)
    client.on('data', (bytes) => {
      const cut = bytes.includes('; commit')
      if (!cut || forwards) server.write(bytes)
      if (cut) client.destroy()
    })
    server.on('data', (bytes) => client.destroyed || client.write(bytes))
    for (const socket of [client, server]) socket.on('error', () => {})
    client.on('close', () => setTimeout(() => server.destroy(), 200).unref())
  })
  wire.listen(0, '127.0.0.1')
  await once(wire, 'listening')
  t.teardown(() => wire.close())
  const url = new URL(target)
  url.host = `127.0.0.1:${(wire.address() as AddressInfo).port}`
  return url.href
}

async function eventually<T>(read: () => Promise<T>, wanted: T): Promise<T> {
  for (let tries = 0; tries < 40; tries++) {
    const value = await read()
    if (value === wanted) return value
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return read()
}
