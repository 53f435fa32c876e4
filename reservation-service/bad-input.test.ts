import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import t from 'tap'
import { testDatabaseUrl } from '../db/test-database.ts'
import { BROKEN, change } from './broken-plans.ts'
import { choice, givenPlan, givenShowRequest } from './given.ts'
import { givenService, OPERATOR, orderOf, raw, SELLER } from './given-service.ts'

t.test('bad input gets its status and its code at every door, and changes nothing', async (t) => {
  const { put, send, url, counts } = await givenService(t, await testDatabaseUrl(t))
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
