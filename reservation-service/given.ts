import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { transaction } from '../chassis/postgres.ts'
import type { Hold, Order, PlanReport, Show, ShowRequest } from '../contracts/selling.ts'
import type { Choice, Wish } from '../contracts/values.ts'
import { openAvailability } from './availability.ts'
import { importPlan } from './import-plan.ts'
import { makeShow } from './make-show.ts'
import { readPlan } from './read-plan.ts'
import { openSeller, type Seller } from './seller.ts'

/** For tests: how a show comes to be, and what buyers do to it. */
const SHOW = 1
const PRICE_CLP = 10_000
const FEE_CLP = 1_500

/**
 * A show on sale with seats 1 to `seats` in one row, and zone 1, 2... of the given capacities.
 *
 * @param pool - With rights on the schema; the show is written as SQL so that these tests stand without the import.
 */
export async function givenShow(pool: Pool, { seats = 10, zones = [] }: { seats?: number; zones?: number[] }): Promise<void> {
  await pool.query(`insert into selling.plans (code, name, fingerprint, width, height) values ('sala', 'Sala', '', 100, 100)`)
  await pool.query(`insert into selling.plan_categories (plan_id, category, color) values (1, 'Platea', '#888888')`)
  await pool.query(`insert into selling.plan_sections values (1, 1, 'Platea', 0, 0, 100, 100, $1)`, [seats])
  await pool.query(
    `insert into selling.plan_seats (plan_id, seat_no, seat_guid, section_no, row_label, seat_label, category, x, y)
     select 1, n, n::text, 1, 'A', n::text, 'Platea', n, 1 from generate_series(1, $1) n`,
    [seats]
  )
  await pool.query(
    `insert into selling.shows (code, plan_id, fingerprint, title, description_es, description_en, genre, venue, address, city,
                                starts_at, time_zone, sales_from, sales_until, service_fee_per_ticket_clp)
     values ('show', 1, '', 'Show', '', '', 'Teatro', 'Sala', 'Calle 1', 'Santiago', now() + interval '30 days', 'America/Santiago',
             now() - interval '1 day', now() + interval '29 days', $1)`,
    [FEE_CLP]
  )
  await pool.query(`insert into selling.show_prices values (1, 'Platea', $1)`, [PRICE_CLP])
  await pool.query('insert into selling.seats (show_id, seat_no) select 1, generate_series(1, $1)', [seats])
  await pool.query(
    `insert into selling.show_zones (show_id, zone_no, name, capacity, price_clp)
     select 1, zone_no, 'Cancha ' || zone_no, capacity, 5000 from unnest($1::integer[]) with ordinality zone (capacity, zone_no)`,
    [zones]
  )
}

/** @param places - Quantities for zone 1, 2... */
export function choice(seatNos: number[], ...places: number[]): Choice {
  return { showId: SHOW, seatNos, places: places.map((quantity, i) => ({ zoneNo: i + 1, quantity })).filter((place) => place.quantity > 0) }
}

export function hold(pool: Pool, chosen: Wish, holdId: string = randomUUID()): Promise<Hold> {
  return sellerOf(pool).hold(holdId, chosen)
}

/** Pays what was quoted. */
export function order(pool: Pool, { holdId, totalClp }: Hold, orderId: string = holdId): Promise<Order> {
  return sellerOf(pool).order(orderId, { holdId, buyer: BUYER, language: 'es', totalClp })
}

export const BUYER = { name: 'Ana Soto', email: 'ana@example.cl' }

/** As a process that has just started: it has seen no show yet. */
export function sellAnew(pool: Pool): void {
  sellers.delete(pool)
}

const sellers = new WeakMap<Pool, Seller>()

/** One seller for each pool, as one process has. */
export function sellerOf(pool: Pool): Seller {
  const known = sellers.get(pool)
  if (known) return known
  const seller = openSeller({ writer: () => pool, holdSeconds: 600, availability: openAvailability(() => pool) })
  sellers.set(pool, seller)
  return seller
}

/** As if the ten minutes were over. */
export async function expire(pool: Pool, { holdId }: Hold): Promise<void> {
  const past = "clock_timestamp() - interval '1 second'"
  await pool.query(`update selling.seats set held_until = ${past} where holder_id = $1 and state = 'held'`, [holdId])
  await pool.query(`update selling.zone_holds set held_until = ${past} where hold_id = $1`, [holdId])
}

export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

/** How often each refusal was the answer. */
export function codesOf(outcomes: Array<PromiseSettledResult<unknown>>): Record<string, number> {
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => String(reason.code ?? reason))
  return Object.fromEntries([...new Set(refused)].map((code) => [code, refused.filter((other) => other === code).length]))
}

/** A plan in the exchange format: one zone, one row, one category. */
export function givenPlan(seats: number) {
  return {
    name: 'Sala',
    categories: [{ name: 'Platea', color: '#888888' }],
    zones: [
      {
        name: 'Centro',
        position: { x: 0, y: 0 },
        rows: [
          {
            row_number: 'A',
            seats: Array.from({ length: seats }, (_, i) => ({
              seat_guid: `A-${i + 1}`,
              seat_number: `${i + 1}`,
              position: { x: 25 * (i % 1_000), y: 0 },
              category: 'Platea'
            }))
          }
        ]
      }
    ]
  }
}

/** What stands sold, and what was said about it. */
export async function soldCounts(pool: Pool): Promise<Record<string, unknown>> {
  const { rows } = await pool.query(
    `select array(select seat_no from selling.seats where state = 'sold' order by seat_no) as "soldSeats",
            (select count(*)::integer from selling.sold_seats) as "seatLines",
            (select count(*)::integer from selling.sold_places) as "placeLines",
            (select coalesce(sum(sold), 0)::integer from selling.show_zones) as "placesSold",
            (select coalesce(sum(held), 0)::integer from selling.show_zones) as "placesHeld",
            (select count(*)::integer from selling.zone_holds) as "zoneHolds",
            (select count(*)::integer from selling.orders where state = 'made') as orders,
            (select count(*)::integer from selling.outbox) as events`
  )
  return rows[0]
}

/** A show on sale on that plan. */
export function givenShowRequest(): ShowRequest {
  return {
    planCode: 'sala',
    title: 'Show',
    description: { es: 'Un show.', en: 'A show.' },
    genre: 'Teatro',
    venue: { name: 'Sala', address: 'Calle 1', city: 'Santiago' },
    startsAt: '2099-01-01T20:00:00-03:00',
    timeZone: 'America/Santiago',
    salesFrom: '2020-01-01T00:00:00Z',
    salesUntil: '2099-01-01T00:00:00Z',
    serviceFeePerTicketClp: 1_000,
    prices: [{ category: 'Platea', priceClp: 10_000 }],
    zones: []
  }
}

/** A plan in the exchange format, under the code that {@link givenShowRequest} asks for. */
export function loadPlan(pool: Pool, file: unknown): Promise<PlanReport> {
  return transaction(pool, (tx) => importPlan(tx, 'sala', readPlan(file), JSON.stringify(file).length.toString()))
}

/** That show, with something changed. */
export function loadShow(pool: Pool, change: Partial<ShowRequest> = {}): Promise<Show> {
  return transaction(pool, (tx) => makeShow(tx, 'show', { ...givenShowRequest(), ...change }))
}
