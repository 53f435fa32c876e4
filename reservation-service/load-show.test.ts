import type { Pool } from 'pg'
import t from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import type { ShowRequest } from '../contracts/selling.ts'
import { testDatabase, testDatabaseUrl } from '../db/test-database.ts'
import { choice, codesOf, givenPlan, hold, loadPlan, loadShow, times } from './given.ts'

t.test('a plan and a show come in, and every seat with a price is for sale', async (t) => {
  const pool = await testDatabase(t)
  const plan = givenPlan(3)
  plan.categories.push({ name: 'Palco', color: '#123456' })
  plan.zones[0]!.rows[0]!.seats[1]!.category = 'Palco'

  const report = await loadPlan(pool, plan)
  const show = await loadShow(pool, { zones: [{ name: 'Cancha', capacity: 50, priceClp: 5_000 }] })

  t.strictSame(report, { planCode: 'sala', name: 'Sala', sections: 1, seats: 3, ignored: [] })
  t.strictSame(show, { showId: 1, code: 'show', seats: 2, places: 50 })
  t.match(await hold(pool, choice([1, 3], 1)), { lines: [{ seat: '1' }, { seat: '3' }, { section: 'Cancha' }], totalClp: 28_000 })
  await t.rejects(hold(pool, choice([2])), { code: 'SEAT_UNKNOWN' }, 'a category without a price is not for sale')
})

t.test('the same plan and the same show sent thirty times at once are one of each, and equal answers', async (t) => {
  const pool = await testDatabase(t)

  const reports = await Promise.all(times(30, () => loadPlan(pool, givenPlan(100))))
  const shows = await Promise.all(times(30, () => loadShow(pool)))

  t.equal(new Set(reports.map((report) => JSON.stringify(report))).size, 1)
  t.equal(new Set(shows.map((show) => JSON.stringify(show))).size, 1)
  t.strictSame(await stored(pool), { plans: 1, planSeats: 100, shows: 1, seats: 100, prices: 1 })
})

t.test('another plan takes the place of one that no show uses, and is refused once a show does', async (t) => {
  const pool = await testDatabase(t)
  await loadPlan(pool, givenPlan(5))

  t.match(await loadPlan(pool, givenPlan(3)), { seats: 3 })
  await loadShow(pool)
  await t.rejects(loadPlan(pool, givenPlan(4)), { code: 'PLAN_IN_USE', status: 409 })
  t.match(await loadPlan(pool, givenPlan(3)), { seats: 3 }, 'the same file again is no change')

  t.strictSame(await stored(pool), { plans: 1, planSeats: 3, shows: 1, seats: 3, prices: 1 })
})

t.test('a plan replaced while a show is being made on it: the show has the seats of one of them', async (t) => {
  const pool = await testDatabase(t)
  await loadPlan(pool, givenPlan(5))

  const outcomes = await Promise.allSettled([loadPlan(pool, givenPlan(7)), loadShow(pool)])

  t.ok(Object.keys(codesOf(outcomes)).every((code) => code === 'PLAN_IN_USE'))
  const { planSeats, seats } = await stored(pool)
  t.equal(seats, planSeats)
})

t.test('a show that contradicts itself or its plan is refused, and nothing is made', async (t) => {
  const pool = await testDatabase(t)
  await loadPlan(pool, givenPlan(3))
  const zone = { name: 'Cancha', capacity: 5, priceClp: 0 }

  for (const [change, at, reason] of [
    [{ salesUntil: '2020-01-01T00:00:00Z' }, 'salesUntil', 'not-after-sales-from'],
    [{ doorsAt: '2100-01-01T00:00:00Z' }, 'doorsAt', 'after-start'],
    [{ startsAt: '0000-01-01T00:00:00Z' }, 'startsAt', 'not-a-time'],
    [{ startsAt: '2026-01-01T23:59:60Z' }, 'startsAt', 'not-a-time'],
    [{ timeZone: 'America/Springfield' }, 'timeZone', 'unknown-time-zone'],
    [{ timeZone: '-03:00' }, 'timeZone', 'unknown-time-zone'],
    [{ title: 'Dos\nlineas' }, 'title', 'control-character'],
    [{ prices: [...price('Platea'), ...price('Platea')] }, 'prices[1].category', 'twice'],
    [{ prices: price('Palco') }, 'prices[0].category', 'unknown-category'],
    [{ prices: price('Platea', 200_000_000) }, 'prices[0].priceClp', 'too-dear'],
    [{ zones: [zone, zone] }, 'zones[1].name', 'twice'],
    [{ zones: [{ ...zone, priceClp: 2_000_000_000 }] }, 'zones[0].priceClp', 'too-dear'],
    [{ prices: [] }, 'prices', 'nothing-to-sell']
  ] as Array<[Partial<ShowRequest>, string, string]>) {
    await t.rejects(loadShow(pool, change), { code: 'SHOW_INVALID', status: 422, params: { at, reason } }, `${at}: ${reason}`)
  }
  await t.rejects(loadShow(pool, { planCode: 'otra' }), { code: 'PLAN_UNKNOWN', status: 404 })

  t.match(await stored(pool), { shows: 0, seats: 0, prices: 0 })
})

t.test('a show does not change: another body under its code is refused', async (t) => {
  const pool = await testDatabase(t)
  await loadPlan(pool, givenPlan(3))
  await loadShow(pool)

  await t.rejects(loadShow(pool, { title: 'Otro' }), { code: 'SHOW_MISMATCH', status: 422 })
  await t.rejects(loadShow(pool, { planCode: 'otra' }), { code: 'SHOW_MISMATCH' })

  t.strictSame(await stored(pool), { plans: 1, planSeats: 3, shows: 1, seats: 3, prices: 1 })
})

t.test('a stadium of fifty thousand seats is imported and put up for sale within seconds, with the rights of the service', async (t) => {
  const url = await testDatabaseUrl(t, 'selling')
  const pool = openPool(url, createLog('test', 'silent'))
  t.teardown(() => pool.end())

  const began = performance.now()
  await loadPlan(pool, givenPlan(50_000))
  t.match(await loadShow(pool), { seats: 50_000 })

  t.ok(performance.now() - began < 15_000, `${Math.round(performance.now() - began)} ms`)
})

function price(category: string, priceClp = 10_000) {
  return [{ category, priceClp }]
}

async function stored(pool: Pool): Promise<Record<string, number>> {
  const { rows } = await pool.query(
    `select (select count(*)::integer from selling.plans) as plans,
            (select count(*)::integer from selling.plan_seats) as "planSeats",
            (select count(*)::integer from selling.shows) as shows,
            (select count(*)::integer from selling.seats) as seats,
            (select count(*)::integer from selling.show_prices) as prices`
  )
  return rows[0]
}
