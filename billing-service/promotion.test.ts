import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import t from 'tap'
import { isUnavailable, isUnknown } from '../chassis/errors.ts'
import { createLog } from '../chassis/log.ts'
import { isMariadbDown, mariaTransaction } from '../chassis/mariadb.ts'
import { watchMariadb } from '../chassis/mariadb-writer.ts'
import { asRoot, type MariadbNode, mariadbNodes, missing, PASSWORDS, promoted, sql, state, until, waiting } from '../db/given-mariadb.ts'
import { migrateMariadb } from '../db/migrate.ts'
import { issueDocuments } from './issue-documents.ts'
import { eventOf, ISSUER, sampleKey, sampleOrder } from './sample-order.ts'

t.setTimeout(300_000)
const WORKERS = 6
const AGAIN_MS = 50
const log = createLog('test', 'silent')
const settings = { issuer: ISSUER, signing: sampleKey(), shopUrl: 'https://ticketflow.example' }

t.test('when the primary is killed while issuing and another leads, every order has one receipt and no folio is missing', async (t) => {
  const [one, two] = await mariadbNodes()
  const nodes = [one, two]
  for (const node of nodes) node.start()
  const store = watchMariadb(`mysql://writer:${PASSWORDS.writer}@${one.address}:3306,${two.address}:3306/billing`, log)
  t.teardown(async () => {
    await store.close()
    for (const node of nodes) await node.end('SIGTERM')
    for (const { directory } of nodes) await rm(directory, { recursive: true })
  })
  await until(async () => (await missing(one)).length + (await missing(two)).length === 0 && (await state(two)).whole === true)
  await migrate(one)
  const issued: string[] = []
  let going = true
  const workers = Array.from({ length: WORKERS }, async () => {
    while (going) issued.push(await issueUntilKnown())
  })

  await until(async () => issued.length > 50)
  await two.freeze('agent')
  await asRoot(two, 'stop slave io_thread') // what is committed from here on is on one node alone, and may not be answered
  await until(async () => (await waiting(one)) > 0)
  await one.kill()
  await two.thaw('agent')
  const before = issued.length
  t.equal(await promoted(two), 2)
  one.start()
  await until(async () => issued.length > before + 50)
  going = false
  await Promise.all(workers)
  await until(async () => (await missing(one)).length + (await missing(two)).length === 0)
  await until(async () => (await state(one)).status?.gtid.current === (await state(two)).status?.gtid.current)

  t.equal((await state(one)).leader, 'maria2')
  for (const node of nodes) {
    const receipts = await sql(node, 'select folio, order_id as orderId from receipts order by folio', 'reader', PASSWORDS.reader)
    t.strictSame(
      receipts.map(({ folio }) => folio),
      receipts.map((_, index) => index + 1),
      'folios without a gap'
    )
    t.strictSame(receipts.map(({ orderId }) => orderId).sort(), issued.toSorted(), 'and one for each order')
    t.equal((await sql(node, 'select last from folios', 'reader', PASSWORDS.reader))[0]?.last, receipts.length)
  }

  /** As a consumer does: the same event again, until somebody knows that it is done. */
  async function issueUntilKnown(): Promise<string> {
    const event = eventOf(sampleOrder())
    for (;;) {
      try {
        await mariaTransaction(store.pool(), (tx) => issueDocuments(tx, event, settings))
        return event.data.orderId
      } catch (err) {
        if (!isUnknown(err) && !isUnavailable(err) && !isMariadbDown(err)) throw err
        await sleep(AGAIN_MS)
      }
    }
  }
})

async function migrate(node: MariadbNode): Promise<void> {
  const connection = await createConnection({ host: node.address, user: 'owner', password: PASSWORDS.owner, database: 'billing' })
  try {
    await migrateMariadb(connection)
  } finally {
    connection.destroy()
  }
}
