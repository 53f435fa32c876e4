import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ConfirmChannel, connect } from 'amqplib'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { EXCHANGE } from '../contracts/contract.ts'
import type { OrdenCreada } from '../contracts/orden-creada.ts'
import { testMariadbWithUrl } from '../db/test-database.ts'
import { mailServer } from './given-mail-server.ts'
import { eventually, givenProcess } from './given-process.ts'
import { eventOf, ISSUER, sampleKey, sampleOrder } from './sample-order.ts'

const QUEUES = ['billing.orden-creada', 'billing.entradas-pedidas'].flatMap((queue) => [queue, `${queue}.retry`])
const TOKEN = 'the-token-of-these-tests'
const ISSUING = 'http://127.106.5.1:3000'
const DELIVERING = 'http://127.106.5.2:3000'

t.test('an issuing process killed just before or just after its commit issues every order once', async (t) => {
  const { pool, crashes, publish, startIssuing } = await given(t)
  let issuing = await startIssuing()

  for (const [place, deliveries] of [
    ['issue-committed', 2],
    ['issue-before-commit', 1] // in this order: the event before is past this place
  ] as const) {
    const order = sampleOrder()
    writeFileSync(crashes, place)
    await publish(order)
    await eventually(() => issuing.signalCode === 'SIGKILL')
    t.equal(readFileSync(crashes, 'utf8'), '')
    issuing = await startIssuing()
    await eventually(async () => (await one(pool, `select deliveries as n from inbox where event_id = '${order.orderId}'`)) === deliveries)

    t.equal(await one(pool, `select count(*) as n from receipts where order_id = '${order.orderId}'`), 1)
    t.equal(await one(pool, `select count(*) as n from tickets where order_id = '${order.orderId}'`), 2)
  }
  t.equal(await one(pool, 'select last - count(*) as n from folios, receipts'), 0, 'no folio was lost')
})

t.test(
  'a delivering process killed between the server’s yes and its own commit sends the mail again, under the same Message-ID',
  async (t) => {
    const { pool, crashes, publish, startIssuing, startDelivering, mails } = await given(t)
    writeFileSync(crashes, 'deliver-accepted')
    await startIssuing()
    await publish(sampleOrder())

    const first = await startDelivering()
    await eventually(() => first.signalCode === 'SIGKILL')
    t.equal(await one(pool, "select count(*) as n from notification_events where type = 'NotificacionEnviada'"), 0)
    await pool.query('update mails_due set leased_until = utc_timestamp(3)') // as if its time had come
    await startDelivering()
    await eventually(async () => (await one(pool, 'select count(*) as n from mails_due')) === 0)

    const sent = (await mails()).map(({ messageId }) => messageId)
    t.equal(sent.length, 2)
    t.equal(new Set(sent).size, 1)
    t.equal(await one(pool, "select count(*) as n from notification_events where type = 'NotificacionEnviada'"), 1)
  }
)

t.test('a queue that is gone, as after a broker lost its disk, is declared anew by whoever reads it', async (t) => {
  const { pool, publish, startIssuing, admin } = await given(t)
  await startIssuing()
  const orders = [sampleOrder(), sampleOrder()] as const
  const issued = async ({ orderId }: OrdenCreada) =>
    (await one(pool, `select count(*) as n from receipts where order_id = '${orderId}'`)) === 1
  await publish(orders[0])
  await eventually(() => issued(orders[0]))

  for (const queue of QUEUES) await admin.deleteQueue(queue)
  await publish(orders[1])

  await eventually(() => issued(orders[1]))
})

t.test('an operator hears from the issuing process what failed, and decides it there', async (t) => {
  const { pool, publish, startIssuing } = await given(t)
  await startIssuing()
  const order = sampleOrder({ totalClp: 1 })
  await publish(order)
  await eventually(async () => (await one(pool, 'select count(*) as n from failed_events')) === 1)
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    return (await fetch(`${ISSUING}/failed-events${path}`, { ...init, headers })).json() as Promise<Record<string, unknown>>
  }
  const id = order.orderId

  t.match(await ask(''), { failed: [{ eventId: id, type: 'OrdenCreada', orderId: order.orderId, onHold: 0 }] })
  t.match(await ask(`/${id}/retry`, { method: 'POST', body: '{}' }), { code: 'EVENT_STILL_FAILS' })
  const decision = JSON.stringify({ by: 'ana', reason: 'never paid' })
  t.match(await ask(`/${id}/discard`, { method: 'POST', body: decision }), { state: 'discarded' })
  t.match(await ask(''), { failedInAll: 0, heldInAll: 0 })
})

/** The two processes that read queues, each to be started and killed, with their database and a mail server. */
async function given(t: Test) {
  const { pool, url } = await testMariadbWithUrl(t)
  const { url: smtpUrl, mails } = await mailServer(t)
  const { kid, privatePem, publicPem } = sampleKey()
  const keys = { keys: [{ kid, privateKey: privatePem, publicKey: publicPem }] }
  const directory = t.testdir({ crashes: '', 'keys.json': JSON.stringify(keys) })
  const broker = await connect(process.env.TEST_BROKER_URL ?? '')
  const admin = await broker.createConfirmChannel()
  await admin.assertExchange(EXCHANGE, 'topic', { durable: true })
  t.teardown(async () => {
    for (const queue of QUEUES) await admin.deleteQueue(queue)
    await broker.close()
  })

  const crashes = join(directory, 'crashes')
  const env = {
    MARIADB_URL: url,
    BROKER_URL: process.env.TEST_BROKER_URL ?? '',
    PUBLIC_URL: 'https://ticketflow.example',
    CRASH_POINTS_FILE: crashes
  }
  const issuing = {
    ...env,
    TICKET_KEYS_FILE: join(directory, 'keys.json'),
    OPERATOR_TOKEN: TOKEN,
    ISSUER_RUT: ISSUER.rut,
    ISSUER_NAME: ISSUER.name,
    ISSUER_ACTIVITY: ISSUER.activity,
    ISSUER_ADDRESS: ISSUER.address,
    ISSUER_CITY: ISSUER.city
  }
  const delivering = { ...env, SMTP_URL: smtpUrl, MAIL_FROM: 'TicketFlow <entradas@ticketflow.example>', LINK_SECRET: TOKEN }
  return {
    pool,
    crashes,
    mails,
    admin,
    publish: (order: OrdenCreada) => eventually(() => published(admin, order)),
    startIssuing: () => givenProcess(t, 'billing-service/issue.main.ts', ISSUING, issuing),
    startDelivering: () => givenProcess(t, 'billing-service/deliver.main.ts', DELIVERING, delivering)
  }
}

/** The id of an order's event is its own, so that who publishes again publishes the same. @returns Whether a queue has taken it. */
async function published(channel: ConfirmChannel, order: OrdenCreada): Promise<boolean> {
  const { data, ...attributes } = eventOf(order, order.orderId)
  const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`cloudEvents:${name}`, value]))
  let returned = false
  const onReturn = () => {
    returned = true
  }
  channel.on('return', onReturn)
  channel.publish(EXCHANGE, attributes.type, Buffer.from(JSON.stringify(data)), { persistent: true, mandatory: true, headers })
  await channel.waitForConfirms()
  channel.off('return', onReturn)
  return !returned
}

async function one(pool: Pool, sql: string): Promise<number> {
  const [[row]] = await pool.query<RowDataPacket[]>(sql)
  return Number(row?.n)
}
