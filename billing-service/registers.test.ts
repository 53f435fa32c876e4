import { randomUUID } from 'node:crypto'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { createServer } from '../chassis/server.ts'
import { givenOrderEvents, type Told } from './given-order-events.ts'
import { operatorDoors } from './operator-http.ts'
import { replayHeldOnce } from './replay-held.ts'

const TOKEN = 'the-token-of-these-tests'
const log = createLog('test', 'fatal')

t.test('events of an order are applied in their sequence, however they come, and each once', async (t) => {
  const { pool, publish, applied, tell, held, until } = await givenOrderEvents(t)
  const orderId = randomUUID()
  const [first, second, third] = [1, 2, 3].map((sequence) => tell(orderId, sequence)) as [Told, Told, Told]

  for (const each of [third, second, third]) await publish(each)
  await until(async () => (await deliveries(pool, 'held_events')) === 3)
  await publish(first)

  t.strictSame(await applied(orderId, 3), [1, 2, 3])
  await held(0)
  for (const each of [second, first, third]) await publish(each)
  await publish(tell(orderId, 4))
  await until(async () => (await deliveries(pool, 'inbox')) === 7)
  t.strictSame(await applied(orderId, 4), [1, 2, 3, 4])
})

t.test('two readers that get the events of an order at once apply them in sequence', async (t) => {
  const { publish, applied, tell, read, until } = await givenOrderEvents(t)
  const orders = Array.from({ length: 12 }, () => randomUUID())
  const events = orders.flatMap((orderId) => [3, 1, 2].map((sequence) => tell(orderId, sequence)))

  await Promise.all(events.flatMap((event) => [publish(event), publish(event)]))
  await until(async () => (await read()) === events.length * 2)

  for (const orderId of orders) t.strictSame(await applied(orderId, 3), [1, 2, 3])
})

t.test(
  'an event that fails is in the failed register, the next one of its order on hold, and others flow; a retry does both in order',
  async (t) => {
    const { pool, publish, applied, tell, held, failed, spoil, mend, readers } = await givenOrderEvents(t)
    const { retry, list } = await givenDoors(t, pool, readers)
    const [broken, whole] = [randomUUID(), randomUUID()]
    const [first, second, third] = [1, 2, 3].map((sequence) => tell(broken, sequence)) as [Told, Told, Told]
    spoil(first)

    for (const each of [first, second, third, tell(whole, 1), tell(whole, 2)]) await publish(each)
    await failed(1)
    await held(2)

    t.strictSame(await applied(whole, 2), [1, 2])
    t.strictSame(await applied(broken, 0), [])
    const { body } = await list()
    t.match(body.failed, [{ eventId: first.id, orderId: broken, reason: /spoilt/, times: 1, onHold: 2 }])
    t.match(body.held, [
      { eventId: second.id, orderId: broken, sequence: 2, last: 0 },
      { eventId: third.id, sequence: 3 }
    ])
    t.match(await retry(first.id), { status: 409, body: { code: 'EVENT_STILL_FAILS', params: { reason: /spoilt/ } } })
    t.match((await list()).body.failed, [{ times: 2 }])

    mend(first)
    t.match(await retry(first.id), { status: 200, body: { state: 'done', followed: [second.id, third.id] } })

    t.strictSame(await applied(broken, 3), [1, 2, 3])
    t.match((await list()).body, { failedInAll: 0, heldInAll: 0 })
    t.match(await retry(first.id), { status: 200, body: { state: 'done', followed: [] } }, 'a decision whose answer was lost is made again')
    t.match(await retry(randomUUID()), { status: 404, body: { code: 'EVENT_NOT_FAILED' } })
  }
)

t.test('a discarded event is kept with who gave it up and why, what waited is done, and it never comes back', async (t) => {
  const { pool, publish, applied, tell, held, failed, spoil, mend, readers } = await givenOrderEvents(t)
  const { retry, discard } = await givenDoors(t, pool, readers)
  const orderId = randomUUID()
  const [first, second] = [tell(orderId, 1), tell(orderId, 2)]
  spoil(first)
  await publish(first)
  await publish(second)
  await failed(1)
  await held(1)

  const answer = await discard(first.id)

  t.match(answer, { status: 200, body: { state: 'discarded', followed: [second.id] } })
  t.strictSame(await applied(orderId, 1), [2])
  t.match(await rows(pool, 'select event_id, subject, reason, discarded_by, discarded_for from discarded_events'), [
    { event_id: first.id, subject: orderId, reason: /spoilt/, discarded_by: 'ana', discarded_for: 'sold by mistake' }
  ])
  mend(first)
  await publish(first)
  await publish(tell(orderId, 3))
  t.strictSame(await applied(orderId, 2), [2, 3])
  t.match(await discard(first.id), { status: 200, body: { state: 'discarded', followed: [] } })
  t.match(await retry(first.id), { status: 409, body: { code: 'EVENT_DISCARDED' } })
  t.match(await discard(second.id), { status: 404, body: { code: 'EVENT_NOT_FAILED' } })
})

t.test('an event on hold that fails when its turn comes goes to the failed register, and what is behind it stays', async (t) => {
  const { pool, publish, applied, tell, held, failed, spoil, mend, readers } = await givenOrderEvents(t)
  const { retry } = await givenDoors(t, pool, readers)
  const orderId = randomUUID()
  const [first, second, third] = [1, 2, 3].map((sequence) => tell(orderId, sequence)) as [Told, Told, Told]
  spoil(second)
  await publish(third)
  await publish(second)
  await held(2)

  await publish(first)

  await failed(1)
  t.strictSame(await applied(orderId, 1), [1])
  await held(1)
  mend(second)
  t.match(await retry(second.id), { body: { state: 'done', followed: [third.id] } })
  t.strictSame(await applied(orderId, 3), [1, 2, 3])
})

t.test('two operators at once do and discard one event: one of them is told so, and it is one or the other', async (t) => {
  const { pool, publish, applied, tell, failed, held, spoil, mend, readers } = await givenOrderEvents(t)
  const { retry, discard } = await givenDoors(t, pool, readers)
  const orders = Array.from({ length: 8 }, () => randomUUID())
  for (const orderId of orders) {
    const first = tell(orderId, 1)
    spoil(first)
    await publish(first)
    await publish(tell(orderId, 2))
  }
  await failed(orders.length)
  await held(orders.length)
  const ids = (await rows(pool, 'select event_id as id from failed_events')).map(({ id }) => id as string)
  mend()

  const answers = await Promise.all(ids.flatMap((id) => [retry(id), discard(id), retry(id)]))

  const discarded = await rows(pool, 'select event_id from discarded_events')
  for (const orderId of orders) await applied(orderId, 1)
  await held(0)
  const done = await rows(pool, 'select * from test_applied where sequence = 1')
  t.equal(done.length + discarded.length, orders.length)
  t.equal((await rows(pool, 'select * from test_applied where sequence = 2')).length, orders.length)
  const said = answers.filter(({ status }) => status === 200).map(({ body }) => `${body.eventId} ${body.state}`)
  t.equal(new Set(said).size, ids.length, 'nobody was told of an event that it is done, and somebody else that it is discarded')
  t.ok(
    answers.every(({ status }) => status === 200 || status === 404 || status === 409),
    'nobody saw a fault'
  )
})

t.test('after a crash between an event and the ones on hold behind it the loop does them', async (t) => {
  const { pool, tell, enterByHand, applied, readers } = await givenOrderEvents(t)
  const orderId = randomUUID()
  await pool.query('insert into order_sequences values (?, 1)', [orderId])
  await enterByHand(tell(orderId, 2))
  await enterByHand(tell(orderId, 3))

  t.equal(await replayHeldOnce(pool, log, readers), 2)

  t.strictSame(await applied(orderId, 2), [2, 3])
  t.equal(await replayHeldOnce(pool, log, readers), 0)
})

t.test('an event that cannot be read is given up in its turn and not before', async (t) => {
  const { pool, publish, applied, tell, failed, held, readers } = await givenOrderEvents(t)
  const { discard } = await givenDoors(t, pool, readers)
  const orderId = randomUUID()
  const [second, third] = [tell(orderId, 2, { rubbish: true }), tell(orderId, 3)]
  await publish(second)
  await publish(third)
  await failed(1)
  await held(1)

  t.match(await discard(second.id), { status: 409, body: { code: 'EVENT_OUT_OF_TURN' } })
  await publish(tell(orderId, 1))
  t.strictSame(await applied(orderId, 1), [1])
  t.match(await discard(second.id), { status: 200, body: { followed: [third.id] } })

  t.strictSame(await applied(orderId, 2), [1, 3])
})

t.test('the doors take an operator, and nobody else', async (t) => {
  const { pool, readers } = await givenOrderEvents(t)
  const { app } = await givenDoors(t, pool, readers)

  for (const [method, url] of [
    ['GET', '/failed-events'],
    ['POST', `/failed-events/${randomUUID()}/retry`],
    ['POST', `/failed-events/${randomUUID()}/discard`]
  ] as const) {
    t.equal((await app.inject({ method, url, headers: { authorization: 'Bearer another' } })).statusCode, 401)
  }
})

async function givenDoors(t: Test, pool: Pool, readers: Parameters<typeof replayHeldOnce>[2]) {
  const app = createServer(log)
  await app.register(operatorDoors, { writer: () => pool, log, readers, token: TOKEN })
  t.teardown(() => app.close())
  const ask = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const answer = await app.inject({ method, url, headers: { authorization: `Bearer ${TOKEN}` }, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.json() }
  }
  return {
    app,
    list: () => ask('GET', '/failed-events'),
    retry: (eventId: string) => ask('POST', `/failed-events/${eventId}/retry`),
    discard: (eventId: string) => ask('POST', `/failed-events/${eventId}/discard`, { by: 'ana', reason: 'sold by mistake' })
  }
}

async function deliveries(pool: Pool, table: string): Promise<number> {
  return Number((await rows(pool, `select sum(deliveries) as n from ${table}`))[0]?.n)
}

async function rows(pool: Pool, sql: string): Promise<RowDataPacket[]> {
  return (await pool.query<RowDataPacket[]>(sql))[0]
}
