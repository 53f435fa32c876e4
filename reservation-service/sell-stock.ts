import type { Tx } from '../chassis/postgres.ts'
import type { Order, OrderRequest } from '../contracts/selling.ts'
import type { Line } from '../contracts/values.ts'
import type { Chosen } from './choice.ts'

/**
 * Order, sold seats and sold places in one statement, all or nothing. The
 * hold's own places turn from held into sold; places it no longer had are taken
 * from what is free.
 *
 * @returns False, and nothing written, when the order's id, its hold or its code is in use.
 */
export async function sellStock(tx: Tx, order: Order, request: OrderRequest, fingerprint: string, chosen: Chosen): Promise<boolean> {
  const seats = order.lines.filter((line) => line.seatNo !== undefined)
  const places = order.lines.filter((line) => line.zoneNo !== undefined)
  const { buyer, language, holdId } = request
  const { rowCount } = await tx.query({
    name: 'sell-stock',
    text: SELL_STOCK,
    values: [
      ...[order.orderId, order.code, order.showId, holdId, fingerprint, order.serviceFeeClp, order.totalClp],
      ...[buyer.name, buyer.email, buyer.rut ?? null, language, order.madeAt],
      ...columnsOf(seats, 'seatNo'),
      ...columnsOf(places, 'zoneNo'),
      ...[chosen.zoneNos, chosen.quantities]
    ]
  })
  return rowCount === 1
}

function columnsOf(lines: Line[], no: 'seatNo' | 'zoneNo'): unknown[] {
  return [
    lines.map((line) => line[no]),
    lines.map((line) => line.lineNo),
    lines.map((line) => line.ticketType),
    lines.map((line) => line.priceClp)
  ]
}

const SELL_STOCK = `
  with made as (
    insert into selling.orders (order_id, code, show_id, hold_id, fingerprint, service_fee_clp, total_clp,
                                buyer_name, buyer_email, buyer_rut, language, made_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    on conflict do nothing
    returning order_id
  ), seats as (
    update selling.seats
    set state = 'sold', holder_id = $1, held_until = null
    where show_id = $3 and seat_no = any($13::integer[]) and exists (select from made)
  ), seat_lines as (
    insert into selling.sold_seats (show_id, seat_no, order_id, line_no, ticket_type, price_clp)
    select $3, seat_no, $1, line_no, ticket_type, price_clp
    from unnest($13::integer[], $14::integer[], $15::text[], $16::integer[]) as line (seat_no, line_no, ticket_type, price_clp)
    where exists (select from made)
  ), place_lines as (
    insert into selling.sold_places (order_id, line_no, show_id, zone_no, ticket_type, price_clp)
    select $1, line_no, $3, zone_no, ticket_type, price_clp
    from unnest($17::integer[], $18::integer[], $19::text[], $20::integer[]) as line (zone_no, line_no, ticket_type, price_clp)
    where exists (select from made)
  ), own as (
    delete from selling.zone_holds
    where hold_id = $4 and exists (select from made)
    returning zone_no, quantity
  ), zones as (
    update selling.show_zones z
    set sold = z.sold + chosen.quantity,
        held = z.held - coalesce((select own.quantity from own where own.zone_no = z.zone_no), 0)
    from unnest($21::integer[], $22::integer[]) as chosen (zone_no, quantity)
    where z.show_id = $3 and z.zone_no = chosen.zone_no and exists (select from made)
  )
  select from made`
