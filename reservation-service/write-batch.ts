import { announce } from '../chassis/outbox.ts'
import type { Tx } from '../chassis/postgres.ts'
import { OrdenCreada } from '../contracts/orden-creada.ts'
import type { Line } from '../contracts/values.ts'
import { countTickets } from './buyers.ts'
import type { Sale, Writes } from './decide.ts'
import type { HoldRow } from './holds.ts'
import { eventOf } from './order-event.ts'
import { integers, type LockedSeat, type LockedZone } from './stock.ts'

/**
 * Writes what a batch decided: seats, zones, and the ids last, ascending.
 *
 * @returns False when another request with one of the ids committed meanwhile: nothing of this may be committed.
 */
export async function writeBatch(tx: Tx, { seats, zones, holds, sales }: Writes): Promise<boolean> {
  if (seats.size > 0) await writeSeats(tx, [...seats])
  if (zones.size > 0) await writeZones(tx, [...zones], sales)
  if (
    holds.length > 0 &&
    !(await insertHolds(
      tx,
      ascending(holds, (row) => row.hold_id)
    ))
  )
    return false
  if (sales.length === 0) return true
  await countTickets(
    tx,
    sales.map(({ command }) => command)
  )
  if (
    !(await insertOrders(
      tx,
      ascending(sales, (sale) => sale.order.orderId)
    ))
  )
    return false
  await announce(
    tx,
    OrdenCreada,
    sales.map((sale) => ({ subject: sale.order.orderId, data: eventOf(sale) }))
  )
  return true
}

function ascending<T>(rows: T[], idOf: (row: T) => string): T[] {
  return rows.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
}

async function writeSeats(tx: Tx, seats: LockedSeat[]): Promise<void> {
  await tx.query({
    name: 'write-seats',
    text: `update selling.seats s
           set state = now.state, holder_id = now.holder_id, held_until = now.held_until
           from unnest($1::integer[], $2::integer[], $3::text[], $4::uuid[], $5::timestamptz[])
             as now (show_id, seat_no, state, holder_id, held_until)
           where s.show_id = now.show_id and s.seat_no = now.seat_no`,
    values: [
      integers(seats.map((seat) => seat.show_id)),
      integers(seats.map((seat) => seat.seat_no)),
      `{${seats.map((seat) => seat.state).join()}}`,
      `{${seats.map((seat) => seat.holder_id).join()}}`,
      `{${seats.map((seat) => seat.held_until?.toISOString() ?? 'NULL').join()}}`
    ]
  })
}

/** What was sold from a hold is held no more. */
async function writeZones(tx: Tx, zones: LockedZone[], sales: Sale[]): Promise<void> {
  await tx.query({
    name: 'write-zones',
    text: `with own as (
             delete from selling.zone_holds where hold_id = any($5::uuid[])
           )
           update selling.show_zones z
           set sold = now.sold, held = now.held
           from unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[]) as now (show_id, zone_no, sold, held)
           where z.show_id = now.show_id and z.zone_no = now.zone_no`,
    values: [
      integers(zones.map((zone) => zone.show_id)),
      integers(zones.map((zone) => zone.zone_no)),
      integers(zones.map((zone) => zone.sold)),
      integers(zones.map((zone) => zone.held)),
      sales.flatMap(({ holdId }) => holdId ?? [])
    ]
  })
}

async function insertHolds(tx: Tx, holds: HoldRow[]): Promise<boolean> {
  const places = holds.flatMap((hold) => hold.zone_nos.map((zoneNo, i) => ({ hold, zoneNo, quantity: hold.quantities[i]! })))
  const { rowCount } = await tx.query({
    name: 'insert-holds',
    text: `with zones as (
             insert into selling.zone_holds (hold_id, show_id, zone_no, quantity, held_until)
             select * from unnest($10::uuid[], $11::integer[], $12::integer[], $13::integer[], $14::timestamptz[])
             on conflict do nothing
           )
           insert into selling.holds (hold_id, show_id, fingerprint, total_clp, held_until, seat_nos, zone_nos, quantities, type_nos)
           select hold_id, show_id, fingerprint, total_clp, held_until,
                  seat_nos::integer[], zone_nos::integer[], quantities::integer[], type_nos::integer[]
           from unnest($1::uuid[], $2::integer[], $3::text[], $4::integer[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[])
             as new (hold_id, show_id, fingerprint, total_clp, held_until, seat_nos, zone_nos, quantities, type_nos)
           on conflict do nothing`,
    values: [
      holds.map((row) => row.hold_id),
      integers(holds.map((row) => row.show_id)),
      holds.map((row) => row.fingerprint),
      integers(holds.map((row) => row.total_clp)),
      holds.map((row) => row.held_until.toISOString()),
      holds.map((row) => integers(row.seat_nos)),
      holds.map((row) => integers(row.zone_nos)),
      holds.map((row) => integers(row.quantities)),
      holds.map((row) => integers(row.type_nos)),
      places.map(({ hold }) => hold.hold_id),
      integers(places.map(({ hold }) => hold.show_id)),
      integers(places.map(({ zoneNo }) => zoneNo)),
      integers(places.map(({ quantity }) => quantity)),
      places.map(({ hold }) => hold.held_until.toISOString())
    ]
  })
  return rowCount === holds.length
}

async function insertOrders(tx: Tx, sales: Sale[]): Promise<boolean> {
  const seats = sales.flatMap(({ order }) => order.lines.filter((line) => line.seatNo).map((line) => ({ order, line })))
  const places = sales.flatMap(({ order }) => order.lines.filter((line) => line.zoneNo).map((line) => ({ order, line })))
  const { rowCount } = await tx.query({
    name: 'insert-orders',
    text: INSERT_ORDERS,
    values: [
      sales.map(({ order }) => order.orderId),
      sales.map(({ order }) => order.code),
      integers(sales.map(({ order }) => order.showId)),
      sales.map(({ holdId }) => holdId),
      sales.map(({ command }) => command.fingerprint),
      integers(sales.map(({ order }) => order.serviceFeeClp)),
      integers(sales.map(({ order }) => order.totalClp)),
      sales.map(({ command }) => command.request.buyer.name),
      sales.map(({ command }) => command.request.buyer.email),
      sales.map(({ command }) => command.request.buyer.rut ?? null),
      sales.map(({ command }) => command.request.language),
      sales.map(({ order }) => order.madeAt),
      ...columnsOf(seats, 'seatNo'),
      ...columnsOf(places, 'zoneNo')
    ]
  })
  return rowCount === sales.length
}

function columnsOf(tickets: Array<{ order: Sale['order']; line: Line }>, no: 'seatNo' | 'zoneNo'): unknown[] {
  return [
    integers(tickets.map(({ order }) => order.showId)),
    integers(tickets.map(({ line }) => line[no]!)),
    tickets.map(({ order }) => order.orderId),
    integers(tickets.map(({ line }) => line.lineNo)),
    tickets.map(({ line }) => line.ticketType),
    integers(tickets.map(({ line }) => line.priceClp))
  ]
}

const INSERT_ORDERS = `
  with seats as (
    insert into selling.sold_seats (show_id, seat_no, order_id, line_no, ticket_type, price_clp)
    select * from unnest($13::integer[], $14::integer[], $15::uuid[], $16::integer[], $17::text[], $18::integer[])
  ), places as (
    insert into selling.sold_places (show_id, zone_no, order_id, line_no, ticket_type, price_clp)
    select * from unnest($19::integer[], $20::integer[], $21::uuid[], $22::integer[], $23::text[], $24::integer[])
  )
  insert into selling.orders (order_id, code, show_id, hold_id, fingerprint, service_fee_clp, total_clp,
                              buyer_name, buyer_email, buyer_rut, language, made_at)
  select * from unnest($1::uuid[], $2::text[], $3::integer[], $4::uuid[], $5::text[], $6::integer[], $7::integer[],
                       $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[])
  on conflict do nothing`
