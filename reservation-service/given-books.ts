import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, QueryResultRow } from 'pg'
import { normalised } from './buyers.ts'

/** For tests: what a database says was sold, as rows. Pure data, so that a violation can be written by hand. */
export interface Books {
  seats: Array<{ show_id: number; seat_no: number; state: string; holder_id: string | null }>
  soldSeats: Array<{ show_id: number; seat_no: number; order_id: string }>
  zones: Array<{ show_id: number; zone_no: number; capacity: number; sold: number; held: number }>
  soldPlaces: Array<{ show_id: number; zone_no: number; order_id: string }>
  heldPlaces: Array<{ show_id: number; zone_no: number; quantity: number }>
  holds: Array<{ hold_id: string; show_id: number }>
  orders: Array<{ order_id: string; state: string; show_id: number; hold_id: string | null; buyer_email: string }>
  events: Array<{ subject: string }>
  /** Only of shows that limit what a buyer may have. */
  buyers: Array<{ show_id: number; buyer: string; sold: number }>
}

const GONE_MS_MAX = 10_000
const LOOK_MS = 50

/** As of one moment. */
export async function readBooks(pool: Pool): Promise<Books> {
  const client = await pool.connect()
  const rows = async <Row extends QueryResultRow>(what: string) => (await client.query<Row>(`select ${what}`)).rows
  try {
    await client.query('begin isolation level repeatable read read only')
    return {
      seats: await rows('show_id, seat_no, state, holder_id from selling.seats'),
      soldSeats: await rows('show_id, seat_no, order_id from selling.sold_seats'),
      zones: await rows('show_id, zone_no, capacity, sold, held from selling.show_zones'),
      soldPlaces: await rows('show_id, zone_no, order_id from selling.sold_places'),
      heldPlaces: await rows('show_id, zone_no, quantity from selling.zone_holds'),
      holds: await rows('hold_id, show_id from selling.holds'),
      orders: await rows("order_id, state, show_id, hold_id, buyer_email from selling.orders where state = 'made'"),
      events: await rows('subject from selling.outbox'),
      buyers: await rows(
        'show_id, buyer, sold from selling.buyer_tickets join selling.shows using (show_id) where tickets_per_buyer_max > 0'
      )
    }
  } finally {
    await client.query('rollback')
    client.release()
  }
}

/** Pure. @returns One sentence for everything that does not add up. */
export function faultsIn(books: Books): string[] {
  return [seatsOnce, seatsAreLines, zonesAreLines, ordersOnce, buyersAreOrders].flatMap((check) => check(books))
}

function seatsOnce({ soldSeats }: Books): string[] {
  return repeated(soldSeats.map(seatOf)).map((seat) => `seat ${seat} is sold twice`)
}

function seatsAreLines({ seats, soldSeats }: Books): string[] {
  const marked = seats.filter(({ state }) => state === 'sold').map((seat) => `${seatOf(seat)} to ${seat.holder_id}`)
  const lines = soldSeats.map((seat) => `${seatOf(seat)} to ${seat.order_id}`)
  return [
    ...without(marked, lines).map((seat) => `seat ${seat} is marked sold and on no order`),
    ...without(lines, marked).map((seat) => `seat ${seat} is on an order and not marked so`)
  ]
}

function zonesAreLines({ zones, soldPlaces, heldPlaces }: Books): string[] {
  const zoneOf = ({ show_id, zone_no }: { show_id: number; zone_no: number }) => `${show_id}/${zone_no}`
  const sold = Map.groupBy(soldPlaces, zoneOf)
  const held = Map.groupBy(heldPlaces, zoneOf)
  return zones.flatMap((zone) => {
    const places = sold.get(zoneOf(zone))?.length ?? 0
    const claimed = (held.get(zoneOf(zone)) ?? []).reduce((sum, { quantity }) => sum + quantity, 0)
    return [
      ...(places + claimed > zone.capacity ? [`zone ${zoneOf(zone)} has ${zone.capacity} places and gave ${places + claimed}`] : []),
      ...(places === zone.sold && claimed === zone.held
        ? []
        : [`zone ${zoneOf(zone)} says ${zone.sold} + ${zone.held} and gave ${places} + ${claimed}`])
    ]
  })
}

function ordersOnce({ holds, orders, events, soldSeats, soldPlaces }: Books): string[] {
  const ids = orders.map(({ order_id }) => order_id)
  const lines = [...soldSeats, ...soldPlaces].map(({ order_id }) => order_id)
  const told = events.map(({ subject }) => subject)
  return [
    ...repeated(holds.map(({ hold_id }) => hold_id)).map((id) => `hold ${id} stands twice`),
    ...repeated(ids).map((id) => `order ${id} stands twice`),
    ...repeated(orders.flatMap(({ hold_id }) => hold_id ?? [])).map((id) => `hold ${id} made two orders`),
    ...repeated(told).map((id) => `order ${id} has two events`),
    ...without(ids, told).map((id) => `order ${id} has no event`),
    ...without(told, ids).map((id) => `an event names order ${id}, which does not stand`),
    ...without(ids, lines).map((id) => `order ${id} has no lines`),
    ...without(lines, ids).map((id) => `a line names order ${id}, which does not stand`)
  ]
}

function buyersAreOrders({ buyers, orders, soldSeats, soldPlaces }: Books): string[] {
  const tickets = Map.groupBy([...soldSeats, ...soldPlaces], ({ order_id }) => order_id)
  return buyers.flatMap(({ show_id, buyer, sold }) => {
    const theirs = orders.filter((order) => order.show_id === show_id && normalised(order.buyer_email) === buyer)
    const has = theirs.reduce((sum, { order_id }) => sum + (tickets.get(order_id)?.length ?? 0), 0)
    return has === sold ? [] : [`buyer ${buyer} of show ${show_id} has ${has} tickets and is counted ${sold}`]
  })
}

function seatOf({ show_id, seat_no }: { show_id: number; seat_no: number }): string {
  return `${show_id}/${seat_no}`
}

function repeated(ids: string[]): string[] {
  return [...Map.groupBy(ids, (id) => id)].filter(([, same]) => same.length > 1).map(([id]) => id)
}

function without(ids: string[], others: string[]): string[] {
  const known = new Set(others)
  return [...new Set(ids)].filter((id) => !known.has(id))
}

/** Deadlocks that PostgreSQL counted in this database. A connection's are told when it ends, so everybody else's must have been closed. */
export async function deadlocksIn(pool: Pool): Promise<number> {
  const deadline = performance.now() + GONE_MS_MAX
  for (;;) {
    const { rows } = await pool.query<{ connections: number; deadlocks: number }>(
      `select (select count(*)::integer from pg_stat_activity where datname = current_database()) as connections, deadlocks::integer
       from pg_stat_database where datname = current_database()`
    )
    if (rows[0]!.connections <= pool.totalCount) return rows[0]!.deadlocks
    if (performance.now() > deadline) throw new Error('others are still connected')
    await sleep(LOOK_MS)
  }
}
