import { rm } from 'node:fs/promises'
import t from 'tap'
import { unavailable } from '../chassis/errors.ts'
import { openMariadb } from '../chassis/mariadb.ts'
import { asRoot, killServer, mariadbNodes, missing, PASSWORDS, until } from '../db/given-mariadb.ts'
import { testMariadb } from '../db/test-database.ts'
import { outlast, storeOf, takesWrites } from './store.ts'

t.setTimeout(300_000)

t.test('a store that waits for no replica is up when it takes writes', async (t) => {
  const pool = await testMariadb(t)

  await storeOf(() => pool).up()

  t.ok(await takesWrites(() => pool))
})

t.test('a store is not up before its commits are answered: with the replica away it takes writes, and ends none', async (t) => {
  const [primary, replica] = await mariadbNodes()
  const nodes = [primary, replica]
  for (const node of nodes) node.start()
  const pool = openMariadb(`mysql://writer:${PASSWORDS.writer}@${primary.address}:3306/billing`)
  t.teardown(async () => {
    await pool.end()
    for (const node of nodes) await node.end('SIGTERM')
    for (const { directory } of nodes) await rm(directory, { recursive: true })
  })
  await until(async () => (await missing(primary)).length + (await missing(replica)).length === 0)
  const asked = async () => Number((await asRoot(primary, "show global status like 'Com_select'"))[0]?.Value)
  await storeOf(() => pool).up()

  await replica.end('SIGKILL')
  await killServer(replica)
  await until(async () => (await missing(primary)).includes('a connected replica'))
  let up = false
  const back = storeOf(() => pool)
    .up()
    .then(() => {
      up = true
    })
  const before = await asked()
  await until(async () => (await asked()) > before + 10)

  t.ok(await takesWrites(() => pool))
  t.notOk(up)
  replica.start()
  await back
})

t.test('work in hand is done when the store is back, in time or not at all; what is wrong is said at once', async (t) => {
  const failing = (err: Error, times: number) => {
    let left = times
    return async () => {
      if (left-- > 0) throw err
      return 'done'
    }
  }
  const away = unavailable('the document store')
  const inTime = performance.now() + 10_000

  t.equal(await outlast(inTime, failing(away, 1)), 'done')
  await t.rejects(outlast(performance.now() + 100, failing(away, 1)), away)
  await t.rejects(outlast(inTime, failing(new Error('no such column'), 1)), /no such column/)
})
