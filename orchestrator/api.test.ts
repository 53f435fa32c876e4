import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import t from 'tap'
import { unavailable } from '../chassis/errors.ts'
import { makeLink } from '../chassis/link.ts'
import { TOKEN } from './given.ts'
import { givenShop } from './given-shop.ts'

const COMMITTED = new URL('../docs/openapi/orchestrator.json', import.meta.url)
const shop = await givenShop(t, 3)
await shop.startSeller()

t.test('the committed description of the doors is the one the service gives', async (t) => {
  const { status, body } = await shop.ask('GET', '/openapi.json')
  t.equal(status, 200)
  if (process.env.UPDATE_DOCS) await writeFile(COMMITTED, `${JSON.stringify(body, null, 2)}\n`)

  t.strictSame(body, JSON.parse(await readFile(COMMITTED, 'utf8')), 'UPDATE_DOCS=1 writes it anew')
})

t.test('no door opens without its token', async (t) => {
  const { body } = await shop.ask('GET', '/openapi.json')
  const doors = Object.entries<Record<string, unknown>>(body.paths)
    .filter(([path]) => path !== '/healthz' && path !== '/readyz')
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => [method.toUpperCase(), path.replaceAll(/\{[^}]+\}/g, randomUUID())]))

  t.equal(doors.length, 13)
  for (const [method = '', url = ''] of doors) {
    const answer = await shop.app.inject({ method: method as 'GET', url, headers: { authorization: 'Bearer another' } })
    t.equal(answer.statusCode, 401, `${method} ${url}`)
  }
})

const id = randomUUID()
const choice = { showId: 1, seatNos: [1], places: [] }
const buyer = { name: 'Ana Soto', email: 'ana@example.cl' }
const payment = { buyer, language: 'es', consent: { terms: '1', privacy: '1' } }
const { consent: _, ...withoutConsent } = payment

/** What is sent, and what it is answered. Everything is refused; nothing may change. */
const BAD: Array<[what: string, method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, body: unknown, status: number, code: string]> = [
  ['an id that is none', 'PUT', '/purchases/7', choice, 400, 'BAD_INPUT'],
  ['an empty choice', 'PUT', `/purchases/${id}`, { ...choice, seatNos: [] }, 422, 'EMPTY_CHOICE'],
  ['eleven seats', 'PUT', `/purchases/${id}`, { ...choice, seatNos: Array.from({ length: 11 }, (_, i) => i + 1) }, 400, 'BAD_INPUT'],
  [
    'ten seats and a place',
    'PUT',
    `/purchases/${id}`,
    { ...choice, seatNos: range(10), places: [{ zoneNo: 1, quantity: 1 }] },
    422,
    'TOO_MANY_TICKETS'
  ],
  ['a seat twice', 'PUT', `/purchases/${id}`, { ...choice, seatNos: [1, 1] }, 400, 'BAD_INPUT'],
  ['half a seat', 'PUT', `/purchases/${id}`, { ...choice, seatNos: [1.5] }, 400, 'BAD_INPUT'],
  ['a seat in words', 'PUT', `/purchases/${id}`, { ...choice, seatNos: ['1'] }, 400, 'BAD_INPUT'],
  ['a show beyond every number', 'PUT', `/purchases/${id}`, { ...choice, showId: 2 ** 40 }, 400, 'BAD_INPUT'],
  ['no places at all', 'PUT', `/purchases/${id}`, { showId: 1, seatNos: [1] }, 400, 'BAD_INPUT'],
  ['nothing', 'PUT', `/purchases/${id}`, null, 400, 'BAD_INPUT'],
  ['a list', 'PUT', `/purchases/${id}`, [choice], 400, 'BAD_INPUT'],
  ['a body over the limit', 'PUT', `/purchases/${id}`, { ...choice, filler: 'x'.repeat(70_000) }, 413, 'FST_ERR_CTP_BODY_TOO_LARGE'],
  ['an unknown purchase', 'GET', `/purchases/${id}`, undefined, 404, 'PURCHASE_UNKNOWN'],
  ['the release of an unknown purchase', 'DELETE', `/purchases/${id}`, undefined, 404, 'PURCHASE_UNKNOWN'],
  ['the payment of an unknown purchase', 'PUT', `/purchases/${id}/payment`, payment, 404, 'PURCHASE_UNKNOWN'],
  ['a payment without consent', 'PUT', `/purchases/${id}/payment`, withoutConsent, 400, 'BAD_INPUT'],
  ['a buyer without a name', 'PUT', `/purchases/${id}/payment`, { ...payment, buyer: { ...buyer, name: '' } }, 400, 'BAD_INPUT'],
  ['a buyer named space', 'PUT', `/purchases/${id}/payment`, { ...payment, buyer: { ...buyer, name: ' \t ' } }, 422, 'NAME_EMPTY'],
  ['a mail address that is none', 'PUT', `/purchases/${id}/payment`, { ...payment, buyer: { ...buyer, email: 'ana' } }, 400, 'BAD_INPUT'],
  ['a RUT with points', 'PUT', `/purchases/${id}/payment`, { ...payment, buyer: { ...buyer, rut: '12.345.678-5' } }, 400, 'BAD_INPUT'],
  [
    'a RUT with a wrong verifier',
    'PUT',
    `/purchases/${id}/payment`,
    { ...payment, buyer: { ...buyer, rut: '12345678-4' } },
    422,
    'RUT_INVALID'
  ],
  ['a name with a zero byte', 'PUT', `/purchases/${id}/payment`, { ...payment, buyer: { ...buyer, name: 'Ana\u0000' } }, 400, 'BAD_INPUT'],
  [
    'a name with half a character',
    'PUT',
    `/purchases/${id}/payment`,
    { ...payment, buyer: { ...buyer, name: 'Ana\ud83d' } },
    400,
    'BAD_INPUT'
  ],
  ['a return with a zero byte', 'POST', '/payments/return', { token_ws: '\u0000' }, 400, 'BAD_INPUT'],
  ['a language we do not speak', 'PUT', `/purchases/${id}/payment`, { ...payment, language: 'fr' }, 400, 'BAD_INPUT'],
  ['a return that names no payment', 'POST', '/payments/return', {}, 422, 'RETURN_EMPTY'],
  ['a return with an unknown token', 'POST', '/payments/return', { token_ws: 'unknown' }, 404, 'PAYMENT_UNKNOWN'],
  ['a return with a long token', 'POST', '/payments/return', { token_ws: 'x'.repeat(65) }, 400, 'BAD_INPUT'],
  ['a line that is no number', 'GET', `/purchases/${id}/documents/tickets/x.pdf`, undefined, 400, 'BAD_INPUT'],
  ['a document that is none', 'GET', `/purchases/${id}/documents/secret.pdf`, undefined, 404, 'NO_SUCH_PAGE'],
  ['a link that is none', 'GET', '/links/abc', undefined, 404, 'LINK_UNKNOWN'],
  ['a link that has ended', 'GET', `/links/${makeLink(TOKEN, id, new Date(0))}`, undefined, 410, 'LINK_EXPIRED'],
  ['a link to nothing', 'GET', `/links/${makeLink(TOKEN, id, new Date('2100-01-01'))}`, undefined, 404, 'LINK_UNKNOWN'],
  ['a link to what is no id', 'GET', `/links/${makeLink(TOKEN, 'seven', new Date('2100-01-01'))}`, undefined, 404, 'LINK_UNKNOWN'],
  ['lost tickets of nobody', 'POST', '/lost-tickets', { email: 'nobody', language: 'es' }, 400, 'BAD_INPUT'],
  ['a method no door has', 'POST', `/purchases/${id}`, choice, 404, 'NO_SUCH_PAGE']
]

t.test('bad input is refused by its name, and changes nothing', async (t) => {
  for (const [what, method, url, body, status, code] of BAD) {
    t.match(await shop.ask(method, url, body), { status, body: { code, status } }, what)
  }

  const { rows } = await shop.owner.query('select from purchase.purchases union all select from purchase.lost_ticket_asks')
  t.equal(rows.length, 0)
})

t.test('a body that is not JSON, or deeper than any stack, is refused', async (t) => {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }

  const broken = await shop.app.inject({ method: 'PUT', url: `/purchases/${id}`, headers, payload: '{"showId":' })
  const other = await shop.app.inject({
    method: 'PUT',
    url: `/purchases/${id}`,
    headers: { ...headers, 'content-type': 'text/xml' },
    payload: '<a/>'
  })

  const deep = await shop.app.inject({ method: 'PUT', url: `/purchases/${id}`, headers, payload: '['.repeat(30_000) + ']'.repeat(30_000) })

  t.equal(broken.statusCode, 400)
  t.equal(deep.statusCode, 400)
  t.equal(other.statusCode, 415)
})

t.test('what no seller sells is refused with the seller’s code', async (t) => {
  t.match(await shop.ask('PUT', `/purchases/${randomUUID()}`, { ...choice, seatNos: [9_999] }), {
    status: 404,
    body: { code: 'SEAT_UNKNOWN' }
  })
  t.match(await shop.ask('PUT', `/purchases/${randomUUID()}`, { ...choice, showId: 9_999 }), {
    status: 404,
    body: { code: 'SHOW_UNKNOWN' }
  })
})

t.test('a purchase is found by the signed link in its mail', async (t) => {
  const purchaseId = randomUUID()
  await shop.ask('PUT', `/purchases/${purchaseId}`, choice)

  const found = await shop.ask('GET', `/links/${makeLink(TOKEN, purchaseId, new Date('2100-01-01'))}`)

  t.match(found, { status: 200, body: { purchaseId, state: 'held' } })
})

t.test('without a primary every door says to come again', async (t) => {
  const { pool } = shop.kit
  shop.kit.pool = () => {
    throw unavailable('the primary')
  }
  t.teardown(() => {
    shop.kit.pool = pool
  })

  for (const [method, url, body] of [
    ['PUT', `/purchases/${randomUUID()}`, { showId: 1, seatNos: [1], places: [] }],
    ['GET', `/purchases/${randomUUID()}`, undefined],
    ['POST', '/payments/return', { token_ws: 'x' }]
  ] as const) {
    t.match(await shop.ask(method, url, body), { status: 503, headers: { 'retry-after': '1' }, body: { code: 'UNAVAILABLE' } }, method)
  }
  t.match(await shop.ask('GET', '/readyz'), { status: 503, body: { ready: false, missing: ['postgres'] } })
})

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i + 1)
}
