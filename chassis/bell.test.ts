import pg from 'pg'
import t, { type Test } from 'tap'
import { testDatabaseUrl } from '../db/test-database.ts'
import { openBell } from './bell.ts'
import { createLog } from './log.ts'

const log = createLog('test', 'silent')

t.test('a bell rings for news, once more when it hangs again after its connection was lost, and not after it was closed', async (t) => {
  const { url, client } = await givenClient(t)
  let rings = 0
  const bell = openBell(url, log, () => rings++)
  t.teardown(bell.close)
  await until(() => rings === 1, 'it hangs: that is news')

  await client.query('notify outbox')
  await until(() => rings === 2, 'it rang')
  await client.query('notify another')
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database()")
  await until(() => rings === 3, 'it hangs again')
  await client.query('notify outbox')
  await until(() => rings === 4, 'it rang again')

  await bell.close()
  await client.query('notify outbox')
  const { rows } = await client.query("select from pg_stat_activity where query ilike 'listen%' and datname = current_database()")
  t.equal(rings, 4)
  t.equal(rows.length, 0)
})

async function givenClient(t: Test) {
  const url = await testDatabaseUrl(t)
  const client = new pg.Client(url)
  await client.connect()
  t.teardown(() => client.end())
  return { url, client }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 8_000
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not so: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
