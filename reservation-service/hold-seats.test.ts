import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { transaction } from '../chassis/postgres.ts'
import { testDatabase } from '../db/test-database.ts'
import { choice, codesOf, expire, givenShow, hold, order, sellAnew, times } from './given.ts'
import { releaseHold } from './release-hold.ts'

t.test('a hold says what it costs: every ticket its price, and the service fee as an amount of its own', async (t) => {
  const pool = await given(t, { seats: 3, zones: [5] })

  const held = await hold(pool, choice([3, 1], 2))

  t.match(held, { seatNos: [1, 3], places: [{ zoneNo: 1, quantity: 2 }], serviceFeeClp: 6_000, totalClp: 36_000 })
  t.strictSame(
    held.lines.map(({ lineNo, section, row, seat, priceClp }) => [lineNo, section, row, seat, priceClp]),
    [
      [1, 'Platea', 'A', '1', 10_000],
      [2, 'Platea', 'A', '3', 10_000],
      [3, 'Cancha 1', '', '', 5_000],
      [4, 'Cancha 1', '', '', 5_000]
    ]
  )
})

t.test('fifty buyers, one seat: one holds it, forty-nine are refused', async (t) => {
  const pool = await given(t, { seats: 1 })

  const outcomes = await Promise.allSettled(times(50, () => hold(pool, choice([1]))))

  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  t.strictSame(codesOf(outcomes), { SEAT_TAKEN: 49 })
})

t.test('overlapping seats and zones asked for in opposite order do not deadlock', async (t) => {
  const pool = await given(t, { seats: 3, zones: [100, 100] })
  const backwards = { showId: 1, seatNos: [3, 2, 1], places: choice([], 1, 1).places.toReversed() }

  const outcomes = await Promise.allSettled(times(40, (i) => hold(pool, i % 2 ? choice([1, 2, 3], 1, 1) : backwards)))

  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  t.strictSame(codesOf(outcomes), { SEAT_TAKEN: 39 })
})

t.test('the same hold sent thirty times at once is one hold and thirty equal answers', async (t) => {
  const pool = await given(t, { seats: 2, zones: [5] })
  const holdId = randomUUID()

  const answers = await Promise.all(times(30, (i) => hold(pool, choice(i % 2 ? [1, 2] : [2, 1], 3), holdId)))

  t.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
  t.strictSame(await counts(pool), { heldSeats: 2, holds: 1, placesHeld: 3, zoneHolds: 3 })
})

t.test('a known hold with another body is refused, and changes nothing', async (t) => {
  const pool = await given(t, { seats: 2, zones: [5] })
  const { holdId } = await hold(pool, choice([1], 1))

  for (const other of [choice([2], 1), choice([1], 2), choice([1]), choice([99]), { ...choice([1], 1), showId: 9 }]) {
    await t.rejects(hold(pool, other, holdId), { code: 'HOLD_MISMATCH', status: 422 })
  }

  t.strictSame(await counts(pool), { heldSeats: 1, holds: 1, placesHeld: 1, zoneHolds: 1 })
})

t.test('two bodies racing under one id: one is held, the other is refused and holds nothing', async (t) => {
  const pool = await given(t, { seats: 20 })
  const holdId = randomUUID()

  const outcomes = await Promise.allSettled(times(20, (i) => hold(pool, choice([i + 1]), holdId)))

  t.strictSame(codesOf(outcomes), { HOLD_MISMATCH: 19 })
  t.match(await counts(pool), { heldSeats: 1, holds: 1 })
})

t.test('a hold that ran out is a free seat, and its own repeat still gets its answer', async (t) => {
  const pool = await given(t, { seats: 1 })
  const first = await hold(pool, choice([1]))
  await expire(pool, first)

  const second = await hold(pool, choice([1]))

  t.not(second.holdId, first.holdId)
  t.strictSame(await hold(pool, choice([1]), first.holdId), first)
  t.strictSame(await hold(pool, choice([1]), second.holdId), second)
})

t.test('places of holds that ran out are given again when the zone is full, and only then', async (t) => {
  const pool = await given(t, { seats: 0, zones: [5] })
  const [old, alive] = [await hold(pool, choice([], 2)), await hold(pool, choice([], 1))]
  await expire(pool, old)

  await hold(pool, choice([], 2))
  t.match(await counts(pool), { placesHeld: 5, zoneHolds: 5 }, 'there was room: nothing was taken over')
  await hold(pool, choice([], 2))

  t.match(await counts(pool), { placesHeld: 5, zoneHolds: 5 })
  await t.rejects(hold(pool, choice([], 1)), { code: 'ZONE_FULL', params: { zoneNo: 1, free: 0 } })
  t.strictSame(await hold(pool, choice([], 1), alive.holdId), alive)
})

t.test('a zone under contention is filled to its last place and never over it', async (t) => {
  const pool = await given(t, { seats: 0, zones: [25] })

  const outcomes = await Promise.allSettled(times(40, () => hold(pool, choice([], 2))))

  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 12)
  t.strictSame(codesOf(outcomes), { ZONE_FULL: 28 })
  t.match(await counts(pool), { placesHeld: 24, zoneHolds: 24 })
})

t.test('what the show does not have is refused by name', async (t) => {
  const pool = await given(t, { seats: 1, zones: [5] })

  await t.rejects(hold(pool, choice([1, 99])), { code: 'SEAT_UNKNOWN', status: 404, params: { seatNos: [99] } })
  await t.rejects(hold(pool, choice([1], 0, 1)), { code: 'ZONE_UNKNOWN', status: 404, params: { zoneNo: 2 } })
  await t.rejects(hold(pool, { ...choice([1]), showId: 2 }), { code: 'SHOW_UNKNOWN', status: 404, params: { showId: 2 } })
  await t.rejects(hold(pool, choice([1], 6)), { code: 'ZONE_FULL', params: { zoneNo: 1, free: 5 } })

  t.strictSame(await counts(pool), { heldSeats: 0, holds: 0, placesHeld: 0, zoneHolds: 0 })
})

t.test('outside its sale window a show sells nothing, and says on which side of it we are', async (t) => {
  const pool = await given(t, { seats: 2 })
  const known = await hold(pool, choice([2]))

  await pool.query("update selling.shows set sales_from = now() + interval '1 hour'")
  sellAnew(pool)
  await t.rejects(hold(pool, choice([1])), { code: 'NOT_ON_SALE', params: { when: 'early' } })
  await pool.query("update selling.shows set sales_from = now() - interval '2 hours', sales_until = now() - interval '1 hour'")
  sellAnew(pool)
  await t.rejects(hold(pool, choice([1])), { code: 'NOT_ON_SALE', params: { when: 'over' } })

  t.strictSame(await hold(pool, choice([2]), known.holdId), known, 'what was promised stays promised')
})

t.test('a released hold frees its seats and places, once, and does not come back', async (t) => {
  const pool = await given(t, { seats: 2, zones: [5] })
  const { holdId } = await hold(pool, choice([1, 2], 3))

  const answers = await Promise.all(times(5, () => release(pool, holdId)))

  t.strictSame(answers, [true, true, true, true, true])
  t.match(await counts(pool), { heldSeats: 0, placesHeld: 0, zoneHolds: 0 })
  await t.rejects(hold(pool, choice([1, 2], 3), holdId), { code: 'HOLD_RELEASED', status: 410 })
  t.equal(await release(pool, randomUUID()), true, 'an unknown hold gets the same answer')
})

t.test('a release frees neither what others took over nor what was sold', async (t) => {
  const pool = await given(t, { seats: 2, zones: [1] })
  const late = await hold(pool, choice([1], 1))
  await expire(pool, late)
  await hold(pool, choice([1], 1))
  const sold = await hold(pool, choice([2]))
  await order(pool, sold)

  t.equal(await release(pool, late.holdId), true)
  t.equal(await release(pool, sold.holdId), false)

  t.match(await counts(pool), { heldSeats: 1, placesHeld: 1, zoneHolds: 1 })
  t.equal((await pool.query("select from selling.seats where state = 'sold'")).rowCount, 1)
})

t.test('a hold announces nothing', async (t) => {
  const pool = await given(t, { seats: 1 })

  await hold(pool, choice([1]))

  t.equal((await pool.query('select from selling.outbox')).rowCount, 0)
})

function release(pool: Pool, holdId: string): Promise<boolean> {
  return transaction(pool, (tx) => releaseHold(tx, holdId))
}

async function given(t: Test, what: { seats: number; zones?: number[] }): Promise<Pool> {
  const pool = await testDatabase(t)
  await givenShow(pool, what)
  return pool
}

async function counts(pool: Pool): Promise<{ heldSeats: number; holds: number; placesHeld: number; zoneHolds: number }> {
  const { rows } = await pool.query(
    `select (select count(*)::integer from selling.seats where state = 'held') as "heldSeats",
            (select count(*)::integer from selling.holds) as holds,
            (select coalesce(sum(held), 0)::integer from selling.show_zones) as "placesHeld",
            (select coalesce(sum(quantity), 0)::integer from selling.zone_holds) as "zoneHolds"`
  )
  return rows[0]
}
