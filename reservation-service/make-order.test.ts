import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { transaction } from '../chassis/postgres.ts'
import { testDatabase } from '../db/test-database.ts'
import { choice, codesOf, expire, givenShow, hold, order, soldCounts, times } from './given.ts'
import { getOrder, voidOrder } from './orders.ts'

t.test('an order sells what was held, at the quoted price, and announces itself once', async (t) => {
  const pool = await given(t, { seats: 3, zones: [5] })
  const held = await hold(pool, choice([1, 3], 2))

  const made = await order(pool, held)

  t.match(made, { orderId: held.holdId, showId: 1, lines: held.lines, serviceFeeClp: held.serviceFeeClp, totalClp: held.totalClp })
  t.match(made.code, /^[34679ACDEFGHJKMNPQRTUVWXY]{8}$/)
  t.strictSame(await soldCounts(pool), {
    soldSeats: [1, 3],
    seatLines: 2,
    placeLines: 2,
    placesSold: 2,
    placesHeld: 0,
    zoneHolds: 0,
    orders: 1,
    events: 1
  })
  const { rows } = await pool.query('select type, source, subject, data from selling.outbox')
  t.match(rows[0], { type: 'OrdenCreada', source: '/reservation-service', subject: held.holdId })
  const { showId, ...facts } = made
  t.match(rows[0].data, {
    ...facts,
    sequence: 1,
    language: 'es',
    buyer: { email: 'ana@example.cl' },
    show: { showId, code: 'show', city: 'Santiago' }
  })
})

t.test('the same order sent thirty times at once is one order, one event and thirty equal answers', async (t) => {
  const pool = await given(t, { seats: 2, zones: [5] })
  const held = await hold(pool, choice([1, 2], 3))

  const answers = await Promise.all(times(30, () => order(pool, held)))

  t.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
  t.match(await soldCounts(pool), { seatLines: 2, placeLines: 3, placesSold: 3, placesHeld: 0, orders: 1, events: 1 })
  t.strictSame(await transaction(pool, (tx) => getOrder(tx, held.holdId)), answers[0])
})

t.test('a known order with another body is refused, and a hold makes one order', async (t) => {
  const pool = await given(t, { seats: 2 })
  const [first, second] = [await hold(pool, choice([1])), await hold(pool, choice([2]))]
  await order(pool, first)

  await t.rejects(order(pool, second, first.holdId), { code: 'ORDER_MISMATCH', status: 422 })
  await t.rejects(order(pool, { ...second, holdId: randomUUID() }, first.holdId), { code: 'ORDER_MISMATCH' })
  await t.rejects(order(pool, first, randomUUID()), { code: 'HOLD_SOLD', status: 409 })

  t.match(await soldCounts(pool), { soldSeats: [1], orders: 1, events: 1 })
})

t.test('many orders of one hold at once: one is made', async (t) => {
  const pool = await given(t, { seats: 1, zones: [5] })
  const held = await hold(pool, choice([1], 2))

  const outcomes = await Promise.allSettled(times(20, () => order(pool, held, randomUUID())))

  t.strictSame(codesOf(outcomes), { HOLD_SOLD: 19 })
  t.match(await soldCounts(pool), { soldSeats: [1], placesSold: 2, placesHeld: 0, orders: 1, events: 1 })
})

t.test('an unknown hold and another price than the quoted one are refused, and nothing is sold', async (t) => {
  const pool = await given(t, { seats: 1 })
  const held = await hold(pool, choice([1]))

  await t.rejects(order(pool, { ...held, holdId: randomUUID() }), { code: 'HOLD_UNKNOWN', status: 404 })
  await t.rejects(order(pool, { ...held, totalClp: 1 }), { code: 'PRICE_CHANGED', status: 409, params: { quotedClp: 11_500, totalClp: 1 } })

  t.match(await soldCounts(pool), { soldSeats: [], orders: 0, events: 0 })
})

t.test('a payment that arrives late still gets its seats and places while they are free', async (t) => {
  const pool = await given(t, { seats: 2, zones: [3] })
  const [late, lost] = [await hold(pool, choice([1], 1)), await hold(pool, choice([2], 2))]
  await expire(pool, late)
  await expire(pool, lost)
  const over = await hold(pool, choice([], 1)) // the zone was full: both lost their places

  await order(pool, late)
  await t.rejects(order(pool, lost), { code: 'ZONE_FULL', params: { zoneNo: 1, free: 1 } }, 'one place short')
  await order(pool, over)

  t.match(await soldCounts(pool), { soldSeats: [1], placesSold: 2, placesHeld: 0, zoneHolds: 0, orders: 2, events: 2 })
})

t.test('a hold that ran out in a full zone still has its own places until somebody needs them', async (t) => {
  const pool = await given(t, { seats: 0, zones: [4] })
  const [late, other] = [await hold(pool, choice([], 2)), await hold(pool, choice([], 2))]
  await expire(pool, late)

  await order(pool, late)
  await order(pool, other)

  t.match(await soldCounts(pool), { placesSold: 4, placesHeld: 0, zoneHolds: 0, orders: 2 })
})

t.test('a payment that arrives late for a seat that another buyer has by now is refused', async (t) => {
  const pool = await given(t, { seats: 2 })
  const late = await hold(pool, choice([1, 2]))
  await expire(pool, late)
  const quick = await hold(pool, choice([2]))

  await t.rejects(order(pool, late), { code: 'SEAT_TAKEN', status: 409, params: { seatNos: [2] } })
  await order(pool, quick)
  await t.rejects(order(pool, late), { code: 'SEAT_TAKEN', params: { seatNos: [2] } })

  t.match(await soldCounts(pool), { soldSeats: [2], orders: 1, events: 1 })
})

t.test('a late payment and a new buyer at the same moment: one of them has the seat', async (t) => {
  const pool = await given(t, { seats: 12 })
  const late = await Promise.all(times(12, (i) => hold(pool, choice([i + 1]))))
  await Promise.all(late.map((held) => expire(pool, held)))

  const outcomes = await Promise.all(
    late.map(async (held, i) => (await Promise.allSettled([order(pool, held), hold(pool, choice([i + 1]))])).map(({ status }) => status))
  )

  t.ok(outcomes.every((pair) => pair.filter((status) => status === 'fulfilled').length === 1))
})

t.test('a tombstone keeps an order from ever standing, also when both arrive at once', async (t) => {
  const pool = await given(t, { seats: 20 })
  const holds = await Promise.all(times(20, (i) => hold(pool, choice([i + 1]))))

  const races = await Promise.all(
    holds.map((held) => Promise.allSettled([order(pool, held), transaction(pool, (tx) => voidOrder(tx, held.holdId))]))
  )

  for (const race of races) {
    t.equal(race.filter(({ status }) => status === 'fulfilled').length, 1)
    t.match(Object.keys(codesOf(race)), [/^ORDER_(VOID|EXISTS)$/])
  }
  const made = races.filter(([ordered]) => ordered.status === 'fulfilled').length
  t.match(await soldCounts(pool), { seatLines: made, events: made, orders: made })
})

t.test('a tombstone may be repeated, is no order, and is refused where an order stands', async (t) => {
  const pool = await given(t, { seats: 2 })
  const [gone, kept] = [await hold(pool, choice([1])), await hold(pool, choice([2]))]
  await order(pool, kept)

  await Promise.all(times(10, () => transaction(pool, (tx) => voidOrder(tx, gone.holdId))))

  await t.rejects(order(pool, gone), { code: 'ORDER_VOID', status: 409 })
  await t.rejects(
    transaction(pool, (tx) => getOrder(tx, gone.holdId)),
    { code: 'ORDER_VOID' }
  )
  await t.rejects(
    transaction(pool, (tx) => getOrder(tx, randomUUID())),
    { code: 'ORDER_UNKNOWN', status: 404 }
  )
  await t.rejects(
    transaction(pool, (tx) => voidOrder(tx, kept.holdId)),
    { code: 'ORDER_EXISTS', status: 409 }
  )
  t.match(await soldCounts(pool), { soldSeats: [2], orders: 1, events: 1 })
})

t.test('a seat that is already a line of an order cannot become one of another, whatever its row says', async (t) => {
  const pool = await given(t, { seats: 1 })
  await order(pool, await hold(pool, choice([1])))
  await pool.query("update selling.seats set state = 'free', holder_id = null")
  const second = await hold(pool, choice([1]))

  await t.rejects(order(pool, second), { code: '23505', constraint: 'sold_seats_pkey' })

  t.match(await soldCounts(pool), { seatLines: 1, orders: 1, events: 1 })
})

async function given(t: Test, what: { seats: number; zones?: number[] }): Promise<Pool> {
  const pool = await testDatabase(t)
  await givenShow(pool, what)
  return pool
}
