import type { Pool } from 'pg'
import t from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { givenPlan, loadPlan, loadShow } from './given.ts'

const NO_RIGHT = '42501'

t.test('the catalogue shows types, kinds and prices, one row for each thing however many types there are', async (t) => {
  const { catalogue } = await givenKinds(t)
  const rows = async (text: string) => (await catalogue.query(text)).rows

  t.strictSame(await rows('select * from catalogue.ticket_types order by type_no'), [
    { show_id: 1, type_no: 1, name: 'Adulto' },
    { show_id: 1, type_no: 2, name: 'Niño' },
    { show_id: 1, type_no: 3, name: 'Estudiante' }
  ])
  t.strictSame(await rows('select category, zone_no, type_no, price_clp from catalogue.type_prices order by category, zone_no, type_no'), [
    { category: 'Palco', zone_no: null, type_no: 1, price_clp: 30_000 },
    { category: 'Platea', zone_no: null, type_no: 1, price_clp: 10_000 },
    { category: 'Platea', zone_no: null, type_no: 2, price_clp: 4_000 },
    { category: 'Platea', zone_no: null, type_no: 3, price_clp: 7_000 },
    { category: null, zone_no: 1, type_no: 1, price_clp: 6_000 },
    { category: null, zone_no: 1, type_no: 3, price_clp: 3_000 },
    { category: null, zone_no: 2, type_no: 1, price_clp: 8_000 }
  ])
  t.strictSame(await rows('select category, price_clp from catalogue.prices order by category'), [
    { category: 'Palco', price_clp: 30_000 },
    { category: 'Platea', price_clp: 10_000 }
  ])
  t.match(await rows('select * from catalogue.shows'), [
    { price_from_clp: 3_000, price_to_clp: 30_000, tickets_per_order_max: 6, tickets_per_buyer_max: 4, no_orphan_seats: true }
  ])
  t.strictSame(await rows('select section_no, total, free, price_from_clp, price_to_clp from catalogue.sections'), [
    { section_no: 1, total: 8, free: 5, price_from_clp: 10_000, price_to_clp: 30_000 }
  ])
  t.match(await rows('select total, free from catalogue.availability'), [{ total: 68, free: 65 }])
  t.strictSame(await rows('select zone_no, free from catalogue.zones order by zone_no'), [
    { zone_no: 1, free: 50 },
    { zone_no: 2, free: 10 }
  ])
})

t.test('a seat is shown once, with its kind; a house seat looks sold, and a hold that ran out looks free', async (t) => {
  const { catalogue } = await givenKinds(t)

  const { rows } = await catalogue.query('select * from catalogue.seats order by seat_no')
  const { rows: taken } = await catalogue.query('select seat_no from catalogue.taken_seats order by seat_no')

  t.strictSame(
    rows.map(({ seat_no, state, kind, accessible_no, price_clp }) => [seat_no, state, kind, accessible_no, price_clp]),
    [
      [1, 'free', 'accessible', 1, 30_000],
      [2, 'free', 'companion', 1, 30_000],
      [3, 'sold', 'standard', null, 10_000],
      [4, 'held', 'standard', null, 10_000],
      [5, 'free', 'standard', null, 10_000],
      [6, 'sold', 'companion', 7, 10_000],
      [7, 'free', 'accessible', 7, 10_000],
      [8, 'free', 'companion', 7, 10_000]
    ]
  )
  t.strictSame(
    taken.map(({ seat_no }) => seat_no),
    [3, 4, 6]
  )
})

t.test('the role of the catalogue reads every view of its schema and nothing else, and writes nothing', async (t) => {
  const { owner, catalogue } = await givenKinds(t)
  const { rows: relations } = await owner.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'v') and n.nspname not in ('pg_catalog', 'information_schema')`
  )

  for (const { schema, name } of relations) {
    const read = catalogue.query(`select * from ${schema}.${name}`)
    if (schema === 'catalogue') await t.resolves(read, `${schema}.${name} is read`)
    else await t.rejects(read, { code: NO_RIGHT }, `${schema}.${name} is not`)
  }
  t.ok(relations.filter(({ schema }) => schema === 'catalogue').length >= 9)
  t.ok(relations.some(({ schema, name }) => schema === 'selling' && name === 'blocks'))
  await t.rejects(catalogue.query("update catalogue.ticket_types set name = 'x'"), { code: NO_RIGHT })
  await t.rejects(catalogue.query('delete from catalogue.taken_seats'), { code: NO_RIGHT })
})

/** Eight seats with every kind and state, three types of which not all are sold everywhere, and two zones. */
async function givenKinds(t: Parameters<typeof testDatabaseUrl>[0]): Promise<{ owner: Pool; catalogue: Pool }> {
  const [url, log] = [await testDatabaseUrl(t), createLog('test', 'silent')]
  const [owner, catalogue] = [openPool(url, log), openPool(`${url}?options=-c%20role%3Dcatalogue`, log)]
  t.teardown(() => Promise.all([owner.end(), catalogue.end()]))
  const plan = givenPlan(8)
  plan.categories.push({ name: 'Palco', color: '#123456' })
  for (const seat of plan.zones[0]!.rows[0]!.seats.slice(0, 2)) seat.category = 'Palco'
  await loadPlan(owner, plan)
  await loadShow(owner, {
    ticketTypes: ['Adulto', 'Niño', 'Estudiante'],
    ticketsPerOrderMax: 6,
    ticketsPerBuyerMax: 4,
    noOrphanSeats: true,
    prices: [
      { category: 'Palco', priceClp: 30_000 },
      { category: 'Platea', priceClp: 10_000, reduced: reducedTo({ Niño: 4_000, Estudiante: 7_000 }) }
    ],
    zones: [
      { name: 'Cancha', capacity: 50, priceClp: 6_000, reduced: reducedTo({ Estudiante: 3_000 }) },
      { name: 'Terraza', capacity: 10, priceClp: 8_000 }
    ],
    accessible: [
      { seat: 'A-1', companions: ['A-2'] },
      { seat: 'A-7', companions: ['A-8', 'A-6'] }
    ]
  })
  await become(owner, 'blocked', [3])
  await become(owner, 'sold', [6])
  await become(owner, 'held', [4], "clock_timestamp() + interval '1 minute'")
  await become(owner, 'held', [5], "clock_timestamp() - interval '1 minute'")
  return { owner, catalogue }
}

function reducedTo(pricesClp: Record<string, number>) {
  return Object.entries(pricesClp).map(([ticketType, priceClp]) => ({ ticketType, priceClp }))
}

async function become(owner: Pool, state: string, seatNos: number[], heldUntil = 'null'): Promise<void> {
  await owner.query(
    `update selling.seats set state = $1, holder_id = gen_random_uuid(), held_until = ${heldUntil} where seat_no = any($2)`,
    [state, seatNos]
  )
}
