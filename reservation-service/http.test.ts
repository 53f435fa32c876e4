import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { createApi } from './api.ts'
import { BROKEN, change } from './broken-plans.ts'
import { choice, givenPlan, givenShowRequest } from './given.ts'

const SELLER = 'orchestrator-to-reservation'
const OPERATOR = 'operator-operator'
const OPENAPI = new URL('../docs/openapi/reservation-service.json', import.meta.url)

t.test('through its doors: a plan, a show, a hold, an order', async (t) => {
  const { put, send, rings } = await givenService(t)
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

t.test('bad input gets its status and its code at every door, and changes nothing', async (t) => {
  const { put, send, url, counts } = await givenService(t)
  const [known, ordered, gone] = [randomUUID(), randomUUID(), randomUUID()]
  await put(`/holds/${known}`, choice([1]))
  await put(`/holds/${ordered}`, choice([2]))
  await put(`/orders/${ordered}`, orderOf(ordered, 11_000))
  await put(`/holds/${gone}`, choice([3]))
  await send('DELETE', `/holds/${gone}`, SELLER)
  const before = await counts()
  const [hold, order] = [`/holds/${randomUUID()}`, `/orders/${randomUUID()}`]
  const good = orderOf(known, 11_000)
  const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`

  const cases: Array<[what: string, path: string, body: unknown, status: number, code: string]> = [
    ['an empty choice', hold, choice([]), 422, 'EMPTY_CHOICE'],
    ['too many tickets together', hold, choice([1, 2, 3, 4, 5], 6), 422, 'TOO_MANY_TICKETS'],
    ['too many seats', hold, choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), 400, 'BAD_INPUT'],
    ['a seat twice', hold, choice([1, 1]), 400, 'BAD_INPUT'],
    ['no seats', hold, { showId: 1, places: [] }, 400, 'BAD_INPUT'],
    ['seats of another type', hold, { showId: 1, seatNos: ['1'], places: [] }, 400, 'BAD_INPUT'],
    ['a fraction of a seat', hold, choice([1.5]), 400, 'BAD_INPUT'],
    ['a number no column holds', hold, choice([2_147_483_648]), 400, 'BAD_INPUT'],
    ['fewer than no places', hold, { ...choice([1]), places: [{ zoneNo: 1, quantity: -1 }] }, 400, 'BAD_INPUT'],
    ['null', hold, null, 400, 'BAD_INPUT'],
    ['a list', hold, [], 400, 'BAD_INPUT'],
    ['nothing at all', hold, undefined, 400, 'BAD_INPUT'],
    ['not JSON', hold, raw('{"showId":'), 400, 'FST_ERR_CTP_INVALID_JSON_BODY'],
    ['deep nesting', hold, raw(deep), 400, 'BAD_INPUT'],
    ['deep nesting inside', hold, raw(`{"showId":1,"seatNos":${deep},"places":[]}`), 400, 'BAD_INPUT'],
    ['a poisoned prototype', hold, raw('{"__proto__":{"showId":1},"seatNos":[1],"places":[]}'), 400, 'FST_ERR_CTP_INVALID_JSON_BODY'],
    ['a body over the limit', hold, { ...choice([1]), note: 'x'.repeat(64 * 1_024) }, 413, 'FST_ERR_CTP_BODY_TOO_LARGE'],
    ['an id that is none', '/holds/1', choice([1]), 400, 'BAD_INPUT'],
    ['an id that is no path', '/holds/%', choice([1]), 404, 'NO_SUCH_PAGE'],
    ['an unknown show', hold, { ...choice([1]), showId: 2 }, 404, 'SHOW_UNKNOWN'],
    ['an unknown seat', hold, choice([1, 99]), 404, 'SEAT_UNKNOWN'],
    ['an unknown zone', hold, choice([], 1), 404, 'ZONE_UNKNOWN'],
    ['a taken seat', hold, choice([1, 4]), 409, 'SEAT_TAKEN'],
    ['a known hold with another body', `/holds/${known}`, choice([4]), 422, 'HOLD_MISMATCH'],
    ['a released hold', `/holds/${gone}`, choice([3]), 410, 'HOLD_RELEASED'],
    ['an order without a buyer', order, { ...good, buyer: undefined }, 400, 'BAD_INPUT'],
    ['an order with an address that is none', order, { ...good, buyer: { ...good.buyer, email: 'ana' } }, 400, 'BAD_INPUT'],
    ['an order with the character zero', order, { ...good, buyer: { ...good.buyer, name: 'A\0na' } }, 400, 'BAD_INPUT'],
    ['an order with half a character', order, raw(JSON.stringify(good).replace('Ana', '\\ud800')), 400, 'BAD_INPUT'],
    ['an order with a RUT of another form', order, { ...good, buyer: { ...good.buyer, rut: '1.234-5' } }, 400, 'BAD_INPUT'],
    ['an order in an unknown language', order, { ...good, language: 'fr' }, 400, 'BAD_INPUT'],
    ['an order of an unknown hold', order, orderOf(randomUUID(), 11_000), 404, 'HOLD_UNKNOWN'],
    ['an order at another price', order, { ...good, totalClp: 1 }, 409, 'PRICE_CHANGED'],
    ['an order of a sold hold', order, orderOf(ordered, 11_000), 409, 'HOLD_SOLD'],
    ['a known order with another body', `/orders/${ordered}`, good, 422, 'ORDER_MISMATCH'],
    ['a tombstone on an order', `/orders/${ordered}/void`, {}, 409, 'ORDER_EXISTS'],
    ['a door that is none', '/seats/1', {}, 404, 'NO_SUCH_PAGE'],
    ['a plan with a bad code', '/seating-plans/Sala%20A', givenPlan(1), 400, 'BAD_INPUT'],
    ['a plan that is not JSON', '/seating-plans/otra', raw('name;x'), 400, 'PLAN_NOT_JSON'],
    ['a plan of nothing', '/seating-plans/otra', undefined, 400, 'PLAN_NOT_JSON'],
    ['a plan 50,000 deep', '/seating-plans/otra', raw('['.repeat(50_000) + ']'.repeat(50_000)), 400, 'PLAN_NOT_JSON'],
    ['a plan that is null', '/seating-plans/otra', null, 422, 'PLAN_INVALID'],
    ['another plan under a used code', '/seating-plans/sala', givenPlan(6), 409, 'PLAN_IN_USE'],
    ['a show without a plan', '/shows/otro', { ...givenShowRequest(), planCode: undefined }, 400, 'BAD_INPUT'],
    ['a show on an unknown plan', '/shows/otro', { ...givenShowRequest(), planCode: 'otra' }, 404, 'PLAN_UNKNOWN'],
    ['a show in no time zone', '/shows/otro', { ...givenShowRequest(), timeZone: 'x' }, 422, 'SHOW_INVALID'],
    ['a show on a day that is none', '/shows/otro', { ...givenShowRequest(), startsAt: '2027-02-30T20:00:00Z' }, 400, 'BAD_INPUT'],
    ['a show with the character zero', '/shows/otro', { ...givenShowRequest(), description: { es: '\0', en: '' } }, 400, 'BAD_INPUT'],
    ['a show that costs a fraction', '/shows/otro', { ...givenShowRequest(), serviceFeePerTicketClp: 0.5 }, 400, 'BAD_INPUT'],
    ['a known show with another body', '/shows/show', { ...givenShowRequest(), title: 'Otro' }, 422, 'SHOW_MISMATCH'],
    ...BROKEN.filter(({ value }) => value !== Number.POSITIVE_INFINITY).map(
      ({ place, value, reason, at = place }): (typeof cases)[number] => {
        const plan = givenPlan(3)
        change(plan, place, value)
        return [`a plan with ${at} ${reason}`, '/seating-plans/otra', plan, 422, 'PLAN_INVALID']
      }
    )
  ]
  for (const [what, path, body, status, code] of cases) {
    const answer = await put(path, body)
    t.match(answer, { status, body: { code, status } }, `${what}: ${status} ${code}`)
  }
  t.match(await send('PUT', hold, SELLER, raw('x'), 'text/csv'), { status: 415, body: { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE' } })
  t.match(await send('GET', `/orders/${randomUUID()}`, SELLER), { status: 404, body: { code: 'ORDER_UNKNOWN' } })
  t.equal(await statusOfHugeBody(`${url}/seating-plans/otra`), 413, 'a plan of 100 MB is refused before it is sent')

  t.strictSame(await counts(), before)
})

t.test('each token opens its own doors and no others', async (t) => {
  const { send, counts } = await givenService(t)
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

t.test('the committed description of the doors is the one they give (UPDATE_OPENAPI=1 writes it)', async (t) => {
  const { send } = await givenService(t)

  const { body } = await send('GET', '/openapi.json', '')

  const text = `${JSON.stringify(body, undefined, 2)}\n`
  if (process.env.UPDATE_OPENAPI) await writeFile(OPENAPI, text)
  t.equal(await readFile(OPENAPI, 'utf8'), text)
  t.match(body, { openapi: '3.1.0', paths: { '/holds/{holdId}': {}, '/seating-plans/{planCode}': {} } })
})

interface Answer {
  status: number
  body: Record<string, never> & { totalClp: number }
}

async function givenService(t: Test) {
  const url = await testDatabaseUrl(t)
  const log = createLog('test', 'silent')
  const [owner, pool] = [openPool(url, log), openPool(`${url}?options=-c%20role%3Dselling`, log)]
  let rung = 0
  const api = await createApi(log, { writer: () => pool, holdSeconds: 600, token: SELLER, operatorToken: OPERATOR, ring: () => rung++ })
  const base = await api.listen({ host: '127.104.4.2', port: 0 })
  t.teardown(async () => {
    await api.close()
    await Promise.all([owner.end(), pool.end()])
  })
  const send = sender(base)
  const put = (path: string, body: unknown) => send('PUT', path, /^\/(seating|shows)/.test(path) ? OPERATOR : SELLER, body)
  await put('/seating-plans/sala', givenPlan(5))
  await put('/shows/show', givenShowRequest())
  return { put, send, url: base, counts: () => counts(owner), rings: () => rung }
}

function sender(base: string) {
  return async (method: string, path: string, token: string, body?: unknown, type = 'application/json'): Promise<Answer> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) })
    })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }
}

function raw(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function orderOf(holdId: string, totalClp: number) {
  return { holdId, buyer: { name: 'Ana Soto', email: 'ana@example.cl' }, language: 'es', totalClp }
}

/** Announces 100 MB and sends none of it. */
function statusOfHugeBody(url: string): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${OPERATOR}`, 'content-type': 'application/json', 'content-length': 100 * 1_024 * 1_024 }
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'PUT', headers }, (response) => {
      resolve(response.statusCode)
      sending.destroy()
    })
    sending.on('error', reject)
    sending.flushHeaders()
  })
}

async function counts(pool: Pool): Promise<unknown> {
  const tables = ['plans', 'plan_seats', 'plan_sections', 'shows', 'show_prices', 'show_zones', 'seats', 'holds', 'zone_holds', 'orders']
  const counting = [...tables, 'sold_seats', 'sold_places', 'outbox'].map((table) => `(select count(*) from selling.${table}) as ${table}`)
  const states = 'array(select state from selling.seats order by seat_no) as states'
  return (await pool.query(`select ${counting.join(', ')}, ${states}`)).rows[0]
}
