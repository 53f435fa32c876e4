import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import t from 'tap'
import { unavailable } from '../chassis/errors.ts'
import { createLog } from '../chassis/log.ts'
import { openPool, transaction } from '../chassis/postgres.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { createApi } from './api.ts'
import { choice, givenPlan, givenShow, givenShowRequest, hold, order, soldCounts } from './given.ts'
import { givenService, OPERATOR, orderOf, SELLER } from './given-service.ts'
import { voidOrder } from './orders.ts'

const OPENAPI = new URL('../docs/openapi/reservation-service.json', import.meta.url)

t.test('through its doors: a plan, a show, a hold, an order', async (t) => {
  const { put, send, rings } = await givenService(t, await testDatabaseUrl(t))
  const id = randomUUID()

  const held = await put(`/holds/${id.toUpperCase()}`, choice([1, 2]))
  const made = await put(`/orders/${id}`, orderOf(id, held.body.totalClp))
  const again = await put(`/orders/${id.toUpperCase()}`, { ...orderOf(id.toUpperCase(), held.body.totalClp), unread: true })

  t.match(held, { status: 200, body: { holdId: id, seatNos: [1, 2], serviceFeeClp: 2_000, totalClp: 22_000 } })
  t.match(made, { status: 200, body: { orderId: id, lines: [{ seatNo: 1, section: 'Centro', row: 'A', seat: '1' }, { seatNo: 2 }] } })
  t.strictSame(again, made)
  t.strictSame(await send('GET', `/orders/${id}`, SELLER), made)
  t.strictSame(await send('DELETE', `/holds/${id}`, SELLER), { status: 200, body: { released: false } })
  t.strictSame(await send('DELETE', `/holds/${randomUUID()}`, SELLER), { status: 200, body: { released: true } })
  const other = randomUUID()
  t.strictSame(await send('PUT', `/orders/${other}/void`, SELLER), { status: 200, body: { orderId: other, voided: true } })
  t.strictSame(await send('GET', '/readyz', ''), { status: 200, body: { ready: true, missing: [] } })
  t.equal(rings(), 2)
})

t.test('each token opens its own doors and no others', async (t) => {
  const { send, counts } = await givenService(t, await testDatabaseUrl(t))
  const before = await counts()
  const doors = [
    ['PUT', `/holds/${randomUUID()}`, choice([1]), OPERATOR],
    ['DELETE', `/holds/${randomUUID()}`, undefined, OPERATOR],
    ['PUT', `/orders/${randomUUID()}`, orderOf(randomUUID(), 0), OPERATOR],
    ['GET', `/orders/${randomUUID()}`, undefined, OPERATOR],
    ['PUT', `/orders/${randomUUID()}/void`, undefined, OPERATOR],
    ['PUT', '/seating-plans/otra', givenPlan(1), SELLER],
    ['PUT', '/shows/otro', givenShowRequest(), SELLER]
  ] as const

  for (const [method, path, body, otherToken] of doors) {
    for (const token of ['', 'x', otherToken, `${otherToken}x`]) {
      t.match(await send(method, path, token, body), { status: 401, body: { code: 'NOT_ALLOWED' } }, `${method} ${path} with «${token}»`)
    }
  }
  t.match(await send('GET', '/healthz', ''), { status: 200 })

  t.strictSame(await counts(), before)
})

t.test('without a primary nothing is sold, and the service says what it lacks', async (t) => {
  const writer = () => {
    throw unavailable('the primary')
  }
  const log = createLog('test', 'silent')
  const api = await createApi(log, { writer, holdSeconds: 600, token: SELLER, operatorToken: OPERATOR, ring: () => {} })
  t.teardown(() => api.close())
  const headers = { authorization: `Bearer ${SELLER}` }

  const ready = await api.inject('/readyz')
  const held = await api.inject({ method: 'PUT', url: `/holds/${randomUUID()}`, headers, payload: choice([1]) })

  t.strictSame([ready.statusCode, ready.json()], [503, { ready: false, missing: ['postgres'] }])
  t.match([held.statusCode, held.headers['retry-after'], held.json()], [503, '1', { code: 'UNAVAILABLE' }])
})

t.test('the role of this service sells, and cannot change what it announced', async (t) => {
  const [url, log] = [await testDatabaseUrl(t), createLog('test', 'silent')]
  const [owner, pool] = [openPool(url, log), openPool(`${url}?options=-c%20role%3Dselling`, log)]
  t.teardown(() => Promise.all([owner.end(), pool.end()]))
  await givenShow(owner, { seats: 2, zones: [5] })

  const held = await hold(pool, choice([1], 1))
  await order(pool, held)
  await transaction(pool, (tx) => voidOrder(tx, randomUUID()))

  t.match(await soldCounts(owner), { soldSeats: [1], placesSold: 1, events: 1 })
  await t.rejects(pool.query("update selling.outbox set data = '{}'"), { code: '42501' })
  await t.rejects(pool.query('delete from selling.outbox'), { code: '42501' })
  await t.rejects(pool.query('create table selling.mine ()'), { code: '42501' })
})

t.test('the committed description of the doors is the one they give (UPDATE_OPENAPI=1 writes it)', async (t) => {
  const { send } = await givenService(t, await testDatabaseUrl(t))

  const { body } = await send('GET', '/openapi.json', '')

  const text = `${JSON.stringify(body, undefined, 2)}\n`
  if (process.env.UPDATE_OPENAPI) await writeFile(OPENAPI, text)
  t.equal(await readFile(OPENAPI, 'utf8'), text)
  t.match(body, { openapi: '3.1.0', paths: { '/holds/{holdId}': {}, '/seating-plans/{planCode}': {} } })
})
