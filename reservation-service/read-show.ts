import type { Tx } from '../chassis/postgres.ts'
import { type Seating, type SeatRow, seatingOf } from './seating.ts'

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

/** A seat of the plan that this show sells. */
export interface OfferedSeat extends SeatRow {
  seat_label: string
  section: string
}

export interface OfferedZone {
  name: string
  /** By type number; a type without a price is not sold here. */
  pricesClp: Array<number | undefined>
}

/** Everything about a show that no sale changes. */
export interface Show {
  row: ShowRow
  /** Ticket types in their order; none when the show has one type, named by the category. */
  types: string[]
  /** By seat number. */
  seats: ReadonlyMap<number, OfferedSeat>
  hasCompanions: boolean
  zones: ReadonlyMap<number, OfferedZone>
  /** By category, then by type number. */
  pricesClp: ReadonlyMap<string, Array<number | undefined>>
  focus: { x: number; y: number }
  seating: Seating
}

const SEATS_PER_READ = 2_000

/** Everything at once, behind the commit that the caller ends with. @returns Nothing when there is no such show. */
export async function readShow(tx: Tx, showId: number): Promise<Show | undefined> {
  const row = await findShow(tx, showId)
  if (!row) return undefined
  const pricesClp = await findPrices(tx, showId)
  const seats = await findSeats(tx, row)
  return {
    row,
    types: await findTypes(tx, showId),
    seats,
    hasCompanions: seats.values().some(({ kind }) => kind === 'companion'),
    zones: await findZones(tx, showId),
    pricesClp,
    focus: { x: row.focus_x ?? row.width / 2, y: row.focus_y ?? 0 },
    seating: seatingOf([...seats.values()])
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

/** In slices: a stadium's rows must not keep everybody else waiting while they are parsed. */
async function findSeats(tx: Tx, { show_id: showId, plan_id: planId }: ShowRow): Promise<Map<number, OfferedSeat>> {
  const sections = await findSections(tx, planId)
  const seats = new Map<number, OfferedSeat>()
  for (let after = 0; ; ) {
    const { rows } = await tx.query<Omit<OfferedSeat, 'section'>>({
      name: 'find-offered-seats',
      text: `select t.seat_no, t.section_no, t.row_label, t.seat_label, t.category, t.x, t.y,
                    case when a.seat_no is null then 'standard' when a.seat_no = a.accessible_no then 'accessible' else 'companion' end as kind,
                    a.accessible_no
             from selling.plan_seats t
             join selling.show_prices p on p.show_id = $1 and p.category = t.category and p.type_no = 1
             left join selling.accessible_seats a on a.show_id = $1 and a.seat_no = t.seat_no
             where t.plan_id = $2 and t.seat_no > $3
             order by t.seat_no
             limit $4`,
      values: [showId, planId, after, SEATS_PER_READ]
    })
    for (const row of rows) seats.set(row.seat_no, { ...row, section: sections.get(row.section_no)! })
    if (rows.length < SEATS_PER_READ) return seats
    after = rows.at(-1)!.seat_no
  }
}

async function findSections(tx: Tx, planId: number): Promise<Map<number, string>> {
  const { rows } = await tx.query<{ section_no: number; name: string }>({
    name: 'find-section-names',
    text: 'select section_no, name from selling.plan_sections where plan_id = $1',
    values: [planId]
  })
  return new Map(rows.map(({ section_no, name }) => [section_no, name]))
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
