import type { Pool } from 'pg'
import t from 'tap'
import type { ShowRequest } from '../contracts/selling.ts'
import { testDatabase } from '../db/test-database.ts'
import { givenPlan, loadPlan, loadShow } from './given.ts'

t.test('ticket types, kinds and limits that contradict each other or the plan are refused, and nothing is made', async (t) => {
  const pool = await testDatabase(t)
  await loadPlan(pool, givenPlan(3))
  const ticketTypes = ['Adulto', 'Niño']
  const zone = { name: 'Cancha', capacity: 5, priceClp: 0 }

  for (const [change, at, reason] of [
    [{ ticketTypes: [] }, 'ticketTypes', 'empty'],
    [{ ticketTypes: [...ticketTypes, 'Adulto'] }, 'ticketTypes[2]', 'twice'],
    [{ ticketTypes: ['Adulto', 'Ni\u0007o'] }, 'ticketTypes[1]', 'control-character'],
    [{ prices: reduced(['Niño']) }, 'prices[0].reduced[0].ticketType', 'unknown-type'],
    [{ ticketTypes, prices: reduced(['Niño', 'Abuela']) }, 'prices[0].reduced[1].ticketType', 'unknown-type'],
    [{ ticketTypes, prices: reduced(['Adulto']) }, 'prices[0].reduced[0].ticketType', 'full-price'],
    [{ ticketTypes, prices: reduced(['Niño', 'Niño']) }, 'prices[0].reduced[1].ticketType', 'twice'],
    [{ ticketTypes, prices: reduced(['Niño'], 200_000_000) }, 'prices[0].reduced[0].priceClp', 'too-dear'],
    [{ ticketTypes, zones: [{ ...zone, reduced: reducedTo(['Adulto']) }] }, 'zones[0].reduced[0].ticketType', 'full-price'],
    [{ ticketTypes, zones: [{ ...zone, reduced: reducedTo(['Niño'], 200_000_000) }] }, 'zones[0].reduced[0].priceClp', 'too-dear'],
    [{ focus: { x: Number.NaN, y: 0 } }, 'focus.x', 'out-of-range'],
    [{ focus: { x: 0, y: Number.POSITIVE_INFINITY } }, 'focus.y', 'out-of-range'],
    [{ focus: { x: 0, y: -1_000_001 } }, 'focus.y', 'out-of-range'],
    [{ accessible: [beside('A-9')] }, 'accessible[0].seat', 'unknown-seat'],
    [{ accessible: [beside('A-1', 'A-2', 'A-9')] }, 'accessible[0].companions[1]', 'unknown-seat'],
    [{ accessible: [beside('A-1'), beside('A-1')] }, 'accessible[1].seat', 'twice'],
    [{ accessible: [beside('A-1', 'A-2'), beside('A-2')] }, 'accessible[1].seat', 'twice'],
    [{ accessible: [beside('A-1', 'A-2'), beside('A-3', 'A-2')] }, 'accessible[1].companions[0]', 'twice'],
    [{ accessible: [beside('A-1', 'A-1')] }, 'accessible[0].companions[0]', 'twice']
  ] as Array<[Partial<ShowRequest>, string, string]>) {
    await t.rejects(loadShow(pool, change), { code: 'SHOW_INVALID', status: 422, params: { at, reason } }, `${at}: ${reason}`)
  }

  t.equal(await count(pool, 'shows'), 0)
})

t.test('companions sit in the row of their seat and are for sale with it, or nothing is made', async (t) => {
  const pool = await testDatabase(t)
  const plan = givenPlan(4)
  plan.categories.push({ name: 'Palco', color: '#123456' })
  const [row] = plan.zones[0]!.rows as [(typeof plan.zones)[0]['rows'][0]]
  row.seats[1]!.category = 'Palco'
  plan.zones[0]!.rows.push({ row_number: 'B', seats: [{ ...row.seats[0]!, seat_guid: 'B-1' }] })
  plan.zones.push({ ...plan.zones[0]!, name: 'Lado', rows: [{ ...row, seats: [{ ...row.seats[0]!, seat_guid: 'L-1' }] }] })
  await loadPlan(pool, plan)

  for (const [guid, reason] of [
    ['B-1', 'another-row'],
    ['L-1', 'another-row'],
    ['A-2', 'not-for-sale-together']
  ] as const) {
    const at = 'accessible[0].companions[1]'
    await t.rejects(loadShow(pool, { accessible: [beside('A-1', 'A-3', guid)] }), { code: 'SHOW_INVALID', params: { at, reason } }, guid)
  }
  t.equal(await count(pool, 'shows'), 0)

  await loadShow(pool, { accessible: [beside('A-1', 'A-3'), beside('A-2')] })
  t.strictSame(
    (await pool.query('select seat_no, accessible_no from selling.accessible_seats order by seat_no')).rows,
    [
      { seat_no: 1, accessible_no: 1 },
      { seat_no: 3, accessible_no: 1 }
    ],
    'what the show does not sell is passed over'
  )
})

t.test('the focus of a show is kept as it was said', async (t) => {
  const pool = await testDatabase(t)
  await loadPlan(pool, givenPlan(3))

  await loadShow(pool, { focus: { x: 12.5, y: -40 } })

  t.match((await pool.query('select focus_x, focus_y from selling.shows')).rows, [{ focus_x: 12.5, focus_y: -40 }])
})

t.test('a request without kinds, types and limits is what it was before there were any', async (t) => {
  const pool = await testDatabase(t)
  await loadPlan(pool, givenPlan(3))
  await loadShow(pool)

  const { rows } = await pool.query('select * from selling.shows')

  t.match(rows[0], {
    fingerprint: 'fbbc5ab22cddf7d5f870fb99d9f5105b4cf43f9a7257e7946701229bd306202e',
    tickets_per_order_max: 10,
    tickets_per_buyer_max: null,
    no_orphan_seats: false,
    focus_x: null,
    focus_y: null
  })
  const kinds = `select (select count(*)::integer from selling.ticket_types) as types, (select count(*)::integer from selling.zone_prices) as zones,
                        (select count(*)::integer from selling.accessible_seats) as accessible`
  t.strictSame((await pool.query(kinds)).rows[0], { types: 0, zones: 0, accessible: 0 })
  t.strictSame((await pool.query('select * from selling.show_prices')).rows, [
    { show_id: 1, category: 'Platea', price_clp: 10_000, type_no: 1 }
  ])
})

function reduced(ticketTypes: string[], priceClp = 5_000) {
  return [{ category: 'Platea', priceClp: 10_000, reduced: reducedTo(ticketTypes, priceClp) }]
}

function reducedTo(ticketTypes: string[], priceClp = 5_000) {
  return ticketTypes.map((ticketType) => ({ ticketType, priceClp }))
}

function beside(seat: string, ...companions: string[]) {
  return { seat, companions }
}

async function count(pool: Pool, table: string): Promise<number> {
  return (await pool.query(`select count(*)::integer as count from selling.${table}`)).rows[0].count
}
