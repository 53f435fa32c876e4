import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { BUYER, choice, codesOf, givenShow } from './given.ts'
import { deadlocksIn, faultsIn, readBooks } from './given-books.ts'
import { blind, givenSeller, meeting, type Plant, slowly, withoutLock, withoutSeat } from './given-plants.ts'
import type { Seller } from './seller.ts'

const FREE = "update selling.seats set state = 'free', holder_id = null"
const NO_KEY = 'alter table selling.sold_seats drop constraint sold_seats_pkey'
/** Longer than `lock_timeout`, shorter than a command waits for its answer. */
const LOCK_MS = 2_000
const LOCKED_OUT_MS = 300
const FOUR = [1, 2, 3, 4]

t.test('a sold seat that looks free again is refused by the key of what was sold, and without that key the books show it', async (t) => {
  const { url, pool } = await given(t)
  const seller = givenSeller(t, url)
  await sell(seller, [1])
  await pool.query(FREE)

  await t.rejects(sell(seller, [1]), { code: '23505', constraint: 'sold_seats_pkey' })
  t.equal((await readBooks(pool)).orders.length, 1)
  await pool.query(NO_KEY)
  await sell(seller, [1])

  t.strictSame(faultsIn(await readBooks(pool)).slice(0, 1), ['seat 1/1 is sold twice'])
})

t.test('locks taken in one order never close a circle, and taken in two they do, which is counted', async (t) => {
  for (const other of ['forwards', 'backwards'] as const) {
    const { url, pool } = await given(t)
    const sellers = [givenSeller(t, url, slowly('forwards')), givenSeller(t, url, slowly(other))]
    await Promise.all(sellers.map(({ shows }) => shows.find(1))) // so that they begin together

    const outcomes = await Promise.allSettled(sellers.map((seller) => sell(seller, FOUR)))
    await Promise.all(sellers.map(({ close }) => close()))

    t.equal((await deadlocksIn(pool)) > 0, other === 'backwards', other)
    t.strictSame(codesOf(outcomes), { SEAT_TAKEN: 1 }, 'the one that was given up is done again')
    t.strictSame(faultsIn(await readBooks(pool)), [])
  }
})

t.test('two who read a seat at once: the lock makes one wait; without it the key refuses; without both it is sold twice', async (t) => {
  const outcomes = async (plants: Plant[], before = 'select') => {
    const { url, pool } = await given(t)
    await pool.query(before)
    const raced = await race(t, url, plants, (seller) => sell(seller, [1, 2]))
    return { codes: codesOf(raced), faults: faultsIn(await readBooks(pool)) }
  }

  t.strictSame(await outcomes([]), { codes: { SEAT_TAKEN: 1 }, faults: [] })
  t.strictSame(await outcomes([withoutLock('lock-seats')]), { codes: { 23505: 1 }, faults: [] })
  const { codes, faults } = await outcomes([withoutLock('lock-seats')], NO_KEY)
  t.strictSame(codes, {})
  t.strictSame(faults.slice(0, 2), ['seat 1/1 is sold twice', 'seat 1/2 is sold twice'])
})

t.test('two who read a zone at once: the lock makes one wait; without it the zone refuses; without both it is overfull', async (t) => {
  const outcomes = async (plants: Plant[], before = 'select') => {
    const { url, pool } = await given(t)
    await pool.query(before)
    const raced = await race(t, url, plants, (seller) => sell(seller, [], 2))
    return { codes: codesOf(raced), faults: faultsIn(await readBooks(pool)) }
  }

  t.strictSame(await outcomes([]), { codes: { ZONE_FULL: 1 }, faults: [] })
  t.strictSame(await outcomes([withoutLock('lock-zones')]), { codes: { 23514: 1 }, faults: [] })
  const { codes, faults } = await outcomes([withoutLock('lock-zones')], 'alter table selling.show_zones drop constraint show_zones_check')
  t.strictSame(codes, {})
  t.strictSame(faults.slice(0, 1), ['zone 1/1 has 3 places and gave 4'])
})

for (const [what, plant, constraint, drop, ask, fault] of [
  ['an order id', blind('find-orders'), 'orders_pkey', 'orders drop constraint orders_pkey cascade', twoSales, /^order .* stands twice$/],
  ['a hold id', blind('find-holds'), 'holds_pkey', 'holds drop constraint holds_pkey cascade', twoHolds, /^hold .* stands twice$/],
  [
    'a paid hold',
    blind('find-orders'),
    'orders_hold_id_key',
    'orders drop constraint orders_hold_id_key',
    twoOrders,
    /^hold .* made two orders$/
  ]
] as Array<[string, Plant, string, string, (seller: Seller, blindSeller: Seller, seatNo: number) => Promise<unknown>, RegExp]>) {
  t.test(`a seller who does not see that ${what} is used is refused by its key, and without that key the books show it`, async (t) => {
    const { url, pool } = await given(t)
    const sellers = [givenSeller(t, url), givenSeller(t, url, plant)] as const

    await t.rejects(ask(...sellers, 1), { code: '23505', constraint })
    t.strictSame(faultsIn(await readBooks(pool)), [])
    await pool.query(`alter table selling.${drop}`)
    await ask(...sellers, 3)

    t.match(
      faultsIn(await readBooks(pool)).find((said) => fault.test(said)),
      fault
    )
  })
}

t.test('two who take seats of one row at once: its lowest seat makes one wait; without that lock a seat is stranded', async (t) => {
  const outcomes = async (...plants: Plant[]) => {
    const { url, pool } = await given(t)
    await pool.query('update selling.shows set no_orphan_seats = true')
    const seats = [
      [2, 3],
      [5, 6]
    ]
    const raced = await race(t, url, plants, (seller) => sell(seller, seats.shift()!))
    const { rows } = await pool.query("select seat_no from selling.seats where state = 'sold' order by 1")
    return { codes: codesOf(raced), sold: rows.map(({ seat_no }) => seat_no).join() }
  }

  t.match(await outcomes(), { codes: { ORPHAN_SEAT: 1 }, sold: /^(2,3|5,6)$/ })
  t.strictSame(await outcomes(withoutSeat(1)), { codes: {}, sold: '2,3,5,6' }, 'seat 4 is stranded')
})

t.test('an order whose event cannot be written is not made', async (t) => {
  const { url, pool } = await given(t)
  await pool.query('alter table selling.outbox add check (false) not valid')

  await t.rejects(sell(givenSeller(t, url), [1], 1), { code: '23514', table: 'outbox' })

  t.match(await readBooks(pool), { orders: [], soldSeats: [], soldPlaces: [], zones: [{ sold: 0 }] })
})

t.test('a seat that somebody keeps locked for longer than one waits for a lock is waited for again, and then sold', async (t) => {
  const { url, pool } = await given(t)
  const keeper = await pool.connect()
  await keeper.query('begin')
  await keeper.query('select from selling.seats where seat_no = 1 for update')

  const [sold] = await Promise.all([
    sell(givenSeller(t, url), [1], 1),
    sleep(LOCK_MS).then(() => keeper.query('rollback').then(() => keeper.release()))
  ])

  t.equal(sold.lines.length, 2)
})

/** Eight seats in a row, and a zone of three places. */
async function given(t: Test): Promise<{ url: string; pool: Pool }> {
  const url = await testDatabaseUrl(t)
  const pool = openPool(url, createLog('test', 'silent'))
  t.teardown(() => pool.end())
  await givenShow(pool, { seats: 8, zones: [3] })
  return { url, pool }
}

/** Two sellers with these faults, who meet after reading; without a fault the second cannot read. */
function race(t: Test, url: string, plants: Plant[], ask: (seller: Seller) => Promise<unknown>) {
  const met = plants.length > 0 ? meeting() : meeting(LOCKED_OUT_MS)
  const sellers = [givenSeller(t, url, met, ...plants), givenSeller(t, url, met, ...plants)]
  return Promise.allSettled(sellers.map(ask))
}

function sell(seller: Seller, seatNos: number[], places = 0, orderId: string = randomUUID()) {
  return seller.sell(orderId, choice(seatNos, places), { buyer: BUYER, language: 'es' })
}

async function twoSales(seller: Seller, blindSeller: Seller, seatNo: number): Promise<void> {
  const orderId = randomUUID()
  await sell(seller, [seatNo], 0, orderId)
  await sell(blindSeller, [seatNo + 1], 0, orderId)
}

async function twoHolds(seller: Seller, blindSeller: Seller, seatNo: number): Promise<void> {
  const holdId = randomUUID()
  await seller.hold(holdId, choice([seatNo]))
  await blindSeller.hold(holdId, choice([seatNo + 1]))
}

async function twoOrders(seller: Seller, blindSeller: Seller): Promise<void> {
  const held = await seller.hold(randomUUID(), choice([], 1))
  for (const one of [seller, blindSeller])
    await one.order(randomUUID(), { holdId: held.holdId, buyer: BUYER, language: 'es', totalClp: held.totalClp })
}
