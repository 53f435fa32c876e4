import type { Tx } from '../chassis/postgres.ts'
import { fingerprintOfSorted } from './fingerprint.ts'
import { findAccessible, type House, readHouse } from './read-house.ts'

/** What never changes about a show once it is made. */
export interface ShowRow {
  show_id: number
  code: string
  plan_id: number
  title: string
  venue: string
  address: string
  city: string
  starts_at: Date
  doors_at: Date | null
  time_zone: string
  sales_from: Date
  sales_until: Date
  service_fee_per_ticket_clp: number
  tickets_per_order_max: number
  tickets_per_buyer_max: number | null
  no_orphan_seats: boolean
  focus_x: number | null
  focus_y: number | null
  width: number
}

export interface OfferedZone {
  name: string
  /** By type number; a type without a price is not sold here. */
  pricesClp: Array<number | undefined>
}

/** Gives the house that is known under a key, or reads it, once for all who want it meanwhile. */
export type HouseFor = (key: string, read: () => Promise<House>) => Promise<House> | House

/** Everything about a show that no sale changes. */
export interface Show extends House {
  /** The same for all shows that share their house. */
  houseKey: string
  row: ShowRow
  /** Ticket types in their order; none when the show has one type, named by the category. */
  types: string[]
  zones: ReadonlyMap<number, OfferedZone>
  /** By category, then by type number. */
  pricesClp: ReadonlyMap<string, Array<number | undefined>>
  focus: { x: number; y: number }
}

/**
 * Everything at once, behind the commit that the caller ends with.
 *
 * @returns Nothing when there is no such show.
 */
export async function readShow(tx: Tx, showId: number, houseFor: HouseFor): Promise<Show | undefined> {
  const row = await findShow(tx, showId)
  if (!row) return undefined
  const [pricesClp, types, zones, accessible] = await Promise.all([
    findPrices(tx, showId),
    findTypes(tx, showId),
    findZones(tx, showId),
    findAccessible(tx, showId)
  ])
  const key = fingerprintOfSorted([row.plan_id, [...pricesClp.keys()].sort(), [...accessible]])
  const { seats, hasCompanions, seating } = await houseFor(key, () => readHouse(tx, row, accessible))
  return {
    row,
    houseKey: key,
    seats,
    hasCompanions,
    seating,
    types,
    zones,
    pricesClp,
    focus: { x: row.focus_x ?? row.width / 2, y: row.focus_y ?? 0 }
  }
}

async function findShow(tx: Tx, showId: number): Promise<ShowRow | undefined> {
  const { rows } = await tx.query<ShowRow>({
    name: 'find-show',
    text: `select s.show_id, s.code, s.plan_id, s.title, s.venue, s.address, s.city, s.starts_at, s.doors_at, s.time_zone,
                  s.sales_from, s.sales_until, s.service_fee_per_ticket_clp, s.tickets_per_order_max, s.tickets_per_buyer_max,
                  s.no_orphan_seats, s.focus_x, s.focus_y, p.width
           from selling.shows s
           join selling.plans p using (plan_id)
           where s.show_id = $1`,
    values: [showId]
  })
  return rows[0]
}

async function findPrices(tx: Tx, showId: number): Promise<Map<string, Array<number | undefined>>> {
  const { rows } = await tx.query<{ category: string; type_no: number; price_clp: number }>({
    name: 'find-prices',
    text: 'select category, type_no, price_clp from selling.show_prices where show_id = $1',
    values: [showId]
  })
  const prices = new Map<string, Array<number | undefined>>()
  for (const { category, type_no, price_clp } of rows) {
    const ofCategory = prices.get(category) ?? []
    ofCategory[type_no] = price_clp
    prices.set(category, ofCategory)
  }
  return prices
}

async function findZones(tx: Tx, showId: number): Promise<Map<number, OfferedZone>> {
  const { rows } = await tx.query<{ zone_no: number; name: string; type_no: number; price_clp: number }>({
    name: 'find-zones',
    text: `select zone_no, name, 1 as type_no, price_clp from selling.show_zones where show_id = $1
           union all
           select p.zone_no, z.name, p.type_no, p.price_clp
           from selling.zone_prices p
           join selling.show_zones z on z.show_id = p.show_id and z.zone_no = p.zone_no
           where p.show_id = $1`,
    values: [showId]
  })
  const zones = new Map<number, OfferedZone>()
  for (const { zone_no, name, type_no, price_clp } of rows) {
    const zone = zones.get(zone_no) ?? { name, pricesClp: [] }
    zone.pricesClp[type_no] = price_clp
    zones.set(zone_no, zone)
  }
  return zones
}

async function findTypes(tx: Tx, showId: number): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>({
    name: 'find-ticket-types',
    text: 'select name from selling.ticket_types where show_id = $1 order by type_no',
    values: [showId]
  })
  return rows.map(({ name }) => name)
}
