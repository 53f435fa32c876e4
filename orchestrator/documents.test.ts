import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import t from 'tap'
import { unavailable } from '../chassis/errors.ts'
import { EXCHANGE } from '../contracts/contract.ts'
import { testMariadbWithUrl } from '../db/test-database.ts'
import { endProcess, eventually, givenProcess, TOKEN } from './given.ts'
import { givenDocuments, givenKeys, PDF } from './given-billing.ts'
import { givenShop } from './given-shop.ts'

const broker = await connect(process.env.TEST_BROKER_URL ?? '')
const channel = await broker.createConfirmChannel()
await channel.assertExchange(EXCHANGE, 'topic', { durable: true })
t.teardown(() => broker.close())

const settings: Parameters<typeof givenShop>[2] = { channel }
const shop = await givenShop(t, 4, settings)
await shop.startSeller()
const [store, behind] = [await testMariadbWithUrl(t), await testMariadbWithUrl(t)]
const keysFile = await givenKeys(t)

const primary = await startBilling(0, store.url)
const replica = await startBilling(1, store.url)

t.test('documents are read where they are written, byte for byte, and say so', async (t) => {
  const id = await givenDocuments(store.pool)
  await eventually(async () => (await source(id)) === 'primary') // a node's first answer may be slow, and then it is left alone

  t.match((await shop.ask('GET', `/purchases/${id}/documents`)).body, {
    orderId: id,
    state: 'ready',
    source: 'primary',
    receipt: { totalClp: 11_500 }
  })
  for (const name of ['receipt.pdf', 'tickets.pdf', 'tickets/1.pdf']) {
    const { statusCode, headers, rawPayload } = await file(id, name)
    t.match({ statusCode, headers }, { statusCode: 200, headers: { 'content-type': 'application/pdf', 'x-source': 'primary' } }, name)
    t.match(headers['content-disposition'], /filename="(boleta|entrada)/)
    t.ok(rawPayload.equals(PDF), `${name} arrives as it is`)
  }
  t.equal((await file(id, 'tickets/2.pdf')).statusCode, 404)
  t.match((await shop.ask('GET', '/ticket-keys')).body, { keys: [{ kid: 'k1', kty: 'OKP', crv: 'Ed25519' }] })
})

t.test('an order that is ready is noted as documented by whoever sees it, and an id that nobody knows waits for nothing', async (t) => {
  const id = await givenDocuments(store.pool)
  await givenOrdered(id)

  t.match((await shop.ask('GET', `/purchases/${id}/documents`)).body, { state: 'ready' })

  await eventually(async () => (await shop.ask('GET', `/purchases/${id}`)).body.state === 'documented')
  t.match(await shop.ask('GET', `/purchases/${randomUUID()}/documents`), { status: 404, body: { code: 'PURCHASE_UNKNOWN' } })
})

t.test('an order whose documents are on their way is pending', async (t) => {
  const id = randomUUID()
  await givenOrdered(id)

  t.match(await shop.ask('GET', `/purchases/${id}/documents`), { status: 200, body: { state: 'pending', tickets: [] } })

  await dueNow(id)
  t.equal(await shop.purchases.lookForDocumentsOnce(), 1)
  t.match((await shop.ask('GET', `/purchases/${id}`)).body, { state: 'ordered' })
  await givenDocuments(store.pool, id)
  await dueNow(id)
  await shop.purchases.lookForDocumentsOnce()
  t.match((await shop.ask('GET', `/purchases/${id}`)).body, { state: 'documented' })
})

t.test('documents are read while nothing can be sold', async (t) => {
  const id = await givenDocuments(store.pool)
  const { pool } = shop.kit
  shop.kit.pool = () => {
    throw unavailable('the primary')
  }
  const answers = [await shop.ask('GET', `/purchases/${id}/documents`), await shop.ask('GET', `/purchases/${randomUUID()}/documents`)]
  shop.kit.pool = pool

  t.match(answers, [{ body: { state: 'ready' } }, { body: { state: 'pending' } }])
})

t.test('an order not documented after five minutes has its events published again, by the relay, and not on every look', async (t) => {
  const id = randomUUID()
  await givenOrdered(id)
  const type = `Prueba${randomUUID().replaceAll('-', '')}`
  const messages = await heard(type)
  await shop.owner.query(
    `insert into selling.outbox (event_id, source, type, subject, dataschema, data, published_at)
     values (gen_random_uuid(), '/test', $1, $2, 'urn:test', '{}', now())`,
    [type, id]
  )
  const env = {
    OUTBOX_NODES: `${shop.node}?options=-c%20role%3Drelay`,
    BROKER_URL: process.env.TEST_BROKER_URL ?? '',
    ORCHESTRATOR_TO_RELAY_TOKEN: TOKEN
  }
  await givenProcess(t, 'orchestrator/relay.main.ts', shop.relayUrl, env)
  await shop.owner.query("update purchase.purchases set changed_at = now() - interval '6 minutes' where purchase_id = $1", [id])
  await dueNow(id)

  await shop.purchases.lookForDocumentsOnce()

  await eventually(async () => messages.length === 1)
  t.equal(await shop.purchases.lookForDocumentsOnce(), 0)
})

t.test('somebody who lost their tickets is passed on, three times an hour, and always answered the same', async (t) => {
  const messages = await heard('EntradasPedidas')
  const email = `${randomUUID()}@Example.cl`
  const ask = (address: string) => shop.ask('POST', '/lost-tickets', { email: address, language: 'en' })

  const answers = [await ask(email), await ask(email), await ask(email.toLowerCase()), await ask(email), await ask(email.toUpperCase())]

  t.equal(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size, 1)
  t.match(answers[0], { status: 202, body: {} })
  const mine = () => messages.filter(({ data }) => data.email.toLowerCase() === email.toLowerCase())
  await eventually(async () => mine().length === 3)
  t.match(mine()[0], {
    data: { email, language: 'en' },
    headers: { 'cloudEvents:type': 'EntradasPedidas', 'cloudEvents:dataschema': /:1$/ }
  })
  const { rows } = await shop.owner.query('select address from purchase.lost_ticket_asks')
  t.ok(
    rows.every(({ address }) => /^[0-9a-f]{64}$/.test(address)),
    'no address is kept'
  )
})

t.test('with no broker nobody is told that a mail is on its way, however often they ask', async (t) => {
  delete settings.channel
  t.teardown(() => {
    settings.channel = channel
  })

  for (let i = 0; i < 4; i++) t.match(await shop.ask('POST', '/lost-tickets', { email: 'ana@example.cl', language: 'es' }), { status: 503 })
})

t.test('a dead primary hides no document: the replica answers, and says that it is one', async (t) => {
  const id = await givenDocuments(store.pool)
  await endProcess(primary)

  t.match((await shop.ask('GET', `/purchases/${id}/documents`)).body, { state: 'ready', source: 'replica' })
  const answers = await Promise.all(Array.from({ length: 20 }, () => file(id, 'receipt.pdf')))
  t.ok(
    answers.every(
      ({ statusCode, headers, rawPayload }) => statusCode === 200 && headers['x-source'] === 'replica' && rawPayload.equals(PDF)
    )
  )
})

t.test(
  'the first reader after a primary froze waits less than a second, the next ones do not wait, and it is read again when it thaws',
  async (t) => {
    const id = await givenDocuments(store.pool)
    const again = await startBilling(0, store.url)
    await eventually(async () => (await source(id)) === 'primary')
    again.kill('SIGSTOP')

    const began = performance.now()
    t.equal(await source(id), 'replica')
    const first = performance.now() - began
    for (let i = 0; i < 10; i++) t.equal(await source(id), 'replica')
    const others = performance.now() - began - first
    again.kill('SIGCONT')

    t.ok(first < 2_000, `first ${Math.round(first)} ms`)
    t.ok(others < 2_000, `ten others ${Math.round(others)} ms`)
    await eventually(async () => (await source(id)) === 'primary')
    await endProcess(again)
  }
)

t.test('when the other node leads, its answers come, and first', async (t) => {
  const id = await givenDocuments(store.pool)
  await endProcess(replica)
  const [former, leader] = [await startBilling(0, store.url, 'replica'), await startBilling(1, store.url, 'primary')]

  await eventually(async () => (await source(id)) === 'primary')
  await endProcess(former)
  await eventually(async () => (await source(id)) === 'primary')
  t.equal((await file(id, 'tickets/2.pdf')).statusCode, 404, 'who leads knows what does not exist')
  await endProcess(leader)
})

t.test('a former leader that still thinks that it leads hides nothing of what the other node has', async (t) => {
  const [former, leader] = [await startBilling(0, behind.url, 'primary'), await startBilling(1, store.url, 'primary')]
  const [id, old] = [await givenDocuments(store.pool), await givenDocuments(behind.pool)]
  const isReady = async (orderId: string) => (await shop.ask('GET', `/purchases/${orderId}/documents`)).body.state === 'ready'
  await eventually(() => isReady(id))
  await eventually(() => isReady(old)) // from here on the former leader is asked first

  t.ok(await isReady(id))
  t.ok(await isReady(old))
  t.ok((await file(id, 'receipt.pdf')).rawPayload.equals(PDF))
  t.equal((await file(id, 'tickets/2.pdf')).statusCode, 404, 'what neither has does not exist')
  await endProcess(former)
  await endProcess(leader)
})

t.test('what a replica does not have is on its way, and a node that is left alone is still asked when there is no other', async (t) => {
  const id = await givenDocuments(store.pool)
  const late = await startBilling(1, behind.url)

  t.match(await shop.ask('GET', `/purchases/${id}/documents/receipt.pdf`), { status: 409, body: { code: 'DOCUMENT_PENDING' } })
  await endProcess(late)
  t.match(await shop.ask('GET', `/purchases/${id}/documents`), { status: 503, headers: { 'retry-after': '1' } })
  const back = await startBilling(1, store.url)
  t.match(
    (await shop.ask('GET', `/purchases/${id}/documents`)).body,
    { state: 'ready', source: 'replica' },
    'at once, whatever it was before'
  )
  await endProcess(back)
})

async function source(id: string): Promise<string> {
  return (await shop.ask('GET', `/purchases/${id}/documents`)).body.source
}

function file(id: string, name: string) {
  return shop.app.inject({ method: 'GET', url: `/purchases/${id}/documents/${name}`, headers: { authorization: `Bearer ${TOKEN}` } })
}

function startBilling(node: 0 | 1, url: string, source: 'primary' | 'replica' = node === 0 ? 'primary' : 'replica') {
  const env = {
    MARIADB_URL: url,
    MARIADB_SOURCE: source,
    ORCHESTRATOR_TO_BILLING_TOKEN: TOKEN,
    TICKET_KEYS_FILE: keysFile
  }
  return givenProcess(t, 'billing-service/main.ts', shop.billingUrls[node], env)
}

/** A purchase that became an order. */
async function givenOrdered(id: string): Promise<void> {
  await shop.owner.query(
    `insert into purchase.purchases (purchase_id, fingerprint, state, show_id, seat_nos, held_until, buyer, language, consent, order_code, due_at)
     values ($1, '', 'ordered', 1, '{1}', now(), '{"name": "Ana", "email": "ana@example.cl"}', 'es', '{}', 'ABC', now() + interval '1 hour')`,
    [id]
  )
}

async function dueNow(id: string): Promise<void> {
  await shop.owner.query('update purchase.purchases set due_at = now() where purchase_id = $1', [id])
}

/** What arrives from now on in a queue of this test's own. */
async function heard(type: string) {
  const messages: Array<{ data: { email: string }; headers: unknown }> = []
  const { queue } = await channel.assertQueue('', { exclusive: true })
  await channel.bindQueue(queue, EXCHANGE, type)
  await channel.consume(
    queue,
    (message) => message && messages.push({ data: JSON.parse(message.content.toString()), headers: message.properties.headers }),
    {
      noAck: true
    }
  )
  return messages
}
