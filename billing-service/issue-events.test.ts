import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, connect as open, type Socket } from 'node:net'
import { connect } from 'amqplib'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { consume } from '../chassis/consume.ts'
import { createLog } from '../chassis/log.ts'
import { mariaTransaction, openMariadb } from '../chassis/mariadb.ts'
import { EXCHANGE, schemaOf } from '../contracts/contract.ts'
import { OrdenCreada } from '../contracts/orden-creada.ts'
import { testMariadbWithUrl } from '../db/test-database.ts'
import { registerFailure } from './failed-register.ts'
import { issueDocuments } from './issue-documents.ts'
import { eventOf, ISSUER, sampleKey, sampleOrder } from './sample-order.ts'
import { storeOf } from './store.ts'

const log = createLog('test', 'fatal')
const settings = { issuer: ISSUER, signing: sampleKey(), shopUrl: 'https://ticketflow.example' }

t.test('twenty deliveries of one event to two readers at once are one set of documents', async (t) => {
  const { pool, publish } = await given(t, 2)
  const event = eventOf(sampleOrder())

  await Promise.all(Array.from({ length: 20 }, () => publish(event)))
  await until(async () => (await one(pool, 'select coalesce(sum(deliveries), 0) as n from inbox')) === 20)

  t.equal(await one(pool, 'select count(*) as n from receipts'), 1)
  t.equal(await one(pool, 'select count(*) as n from tickets'), 2)
  t.equal(await one(pool, 'select count(*) as n from mails_due'), 1)
  t.equal(await one(pool, 'select last as n from folios'), 1)
})

t.test('what cannot be issued is in the failed register, as it came, and what follows is issued', async (t) => {
  const { pool, publish, publishBytes } = await given(t, 1)
  const { show, lines } = sampleOrder()
  const bad = [{ lines: [] }, { totalClp: 1 }, { show: { ...show, timeZone: 'Mars/Olympus' } }, { lines: [lines[0]!, lines[0]!] }]
  const bodies = ['rubbish', ...bad.map((changes) => JSON.stringify({ ...sampleOrder(), ...changes }))]

  for (const body of bodies) await publishBytes(body)
  await publish(eventOf(sampleOrder()))
  await until(async () => (await one(pool, 'select count(*) as n from failed_events')) === bodies.length)
  await until(async () => (await one(pool, 'select count(*) as n from receipts')) === 1)

  const [failed] = await pool.query<RowDataPacket[]>('select body, reason, subject from failed_events')
  t.strictSame(failed.map(({ body }) => body.toString()).sort(), bodies.toSorted())
  t.ok(failed.every(({ reason }) => /AssertionError/.test(reason)))
  t.equal(await one(pool, 'select last as n from folios'), 1)
})

t.test('while the database is away events wait unjudged, and are issued once when it is back', async (t) => {
  const { pool, publish, proxy, readers } = await given(t, 1)
  const orders = Array.from({ length: 5 }, () => sampleOrder())
  await publish(eventOf(sampleOrder()))
  await until(async () => (await one(pool, 'select count(*) as n from receipts')) === 1)

  await proxy.cut()
  for (const order of orders) await publish(eventOf(order))
  await until(async () => (await readers()) === 0)
  await proxy.heal()
  await until(async () => (await one(pool, 'select count(*) as n from receipts')) === 6)

  t.equal(await one(pool, 'select count(*) as n from failed_events'), 0)
  t.equal(await one(pool, 'select max(folio) as n from receipts'), 6)
})

/** Readers of a queue of their own, of a database that they reach through a proxy. */
async function given(t: Test, count: number) {
  const kind = { ...OrdenCreada, type: `OrdenCreada-${randomUUID()}` }
  const queue = `test.${randomUUID()}`
  const { pool, url } = await testMariadbWithUrl(t)
  const proxy = await openProxy(t, new URL(url))
  const behind = openMariadb(proxy.url)
  const model = await connect(process.env.TEST_BROKER_URL!)
  const admin = await model.createConfirmChannel()
  t.teardown(async () => {
    for (const name of [queue, `${queue}.retry`]) await admin.deleteQueue(name)
    await model.close()
    await behind.end()
  })
  for (let i = 0; i < count; i++)
    await consume(await model.createConfirmChannel(), log, {
      queue,
      contract: kind,
      retryDelayMs: 50,
      handle: (event) => mariaTransaction(behind, (tx) => issueDocuments(tx, event, settings)),
      register: (failure) => registerFailure(behind, failure),
      database: storeOf(() => behind)
    })
  const publishBytes = async (body: string, id: string = randomUUID(), subject = 'order') => {
    const headers = {
      'cloudEvents:id': id,
      'cloudEvents:type': kind.type,
      'cloudEvents:subject': subject,
      'cloudEvents:dataschema': schemaOf(kind)
    }
    admin.publish(EXCHANGE, kind.type, Buffer.from(body), { messageId: id, persistent: true, headers })
    await admin.waitForConfirms()
  }
  return {
    pool,
    proxy,
    publishBytes,
    publish: ({ id, subject, data }: ReturnType<typeof eventOf>) => publishBytes(JSON.stringify(data), id, subject),
    readers: async () => (await admin.checkQueue(queue)).consumerCount
  }
}

/** A wire to the database that can be cut and mended. */
async function openProxy(t: Test, target: URL) {
  const wires = new Set<Socket>()
  const server = createServer((near) => {
    const far = open(Number(target.port), target.hostname)
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      wires.add(one)
      one
        .on('error', () => {})
        .on('close', () => {
          wires.delete(one)
          other.destroy()
        })
      one.pipe(other)
    }
  })
  const listen = (port: number) => once(server.listen(port, '127.106.7.9'), 'listening')
  await listen(0)
  const { port } = server.address() as { port: number }
  const url = new URL(target)
  Object.assign(url, { hostname: '127.106.7.9', port: String(port) })
  const cut = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const wire of wires) wire.destroy()
    await closed
  }
  t.teardown(() => (server.listening ? cut() : undefined))
  return { url: url.href, cut, heal: () => listen(port) }
}

async function one(pool: Pool, sql: string): Promise<number> {
  const [[row]] = await pool.query<RowDataPacket[]>(sql)
  return Number(row?.n)
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 30))
}
