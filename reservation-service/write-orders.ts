import type { Line } from '../contracts/values.ts'
import type { Sale } from './decide.ts'
import { integers } from './stock.ts'
import type { Part } from './write-batch.ts'

export function insertOrders(sales: Sale[]): Part {
  return {
    text: `insert into selling.orders (order_id, code, show_id, hold_id, fingerprint, service_fee_clp, total_clp,
                                       buyer_name, buyer_email, buyer_rut, language, made_at)
           select * from unnest($1::uuid[], $2::text[], $3::integer[], $4::uuid[], $5::text[], $6::integer[], $7::integer[],
                                $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[])`,
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
      sales.map(({ order }) => order.madeAt)
    ]
  }
}

/** A seat of a show that is sold already is refused by the key of this table, whatever came before. */
export function insertSoldSeats(sales: Sale[]): Part {
  return {
    text: `insert into selling.sold_seats (show_id, seat_no, order_id, line_no, ticket_type, price_clp)
           select * from unnest($1::integer[], $2::integer[], $3::uuid[], $4::integer[], $5::text[], $6::integer[])`,
    values: columnsOf(sales, 'seatNo')
  }
}

export function insertSoldPlaces(sales: Sale[]): Part {
  return {
    text: `insert into selling.sold_places (show_id, zone_no, order_id, line_no, ticket_type, price_clp)
           select * from unnest($1::integer[], $2::integer[], $3::uuid[], $4::integer[], $5::text[], $6::integer[])`,
    values: columnsOf(sales, 'zoneNo')
  }
}

/** What was sold from a hold is held no more. */
export function deleteOwnPlaces(sales: Sale[]): Part {
  return {
    text: 'delete from selling.zone_holds where hold_id = any($1::uuid[])',
    values: [sales.flatMap(({ holdId }) => holdId ?? [])]
  }
}

function columnsOf(sales: Sale[], no: 'seatNo' | 'zoneNo'): unknown[] {
  const tickets: Array<{ order: Sale['order']; line: Line }> = []
  for (const { order } of sales) for (const line of order.lines) if (line[no] !== undefined) tickets.push({ order, line })
  return [
    integers(tickets.map(({ order }) => order.showId)),
    integers(tickets.map(({ line }) => line[no]!)),
    tickets.map(({ order }) => order.orderId),
    integers(tickets.map(({ line }) => line.lineNo)),
    tickets.map(({ line }) => line.ticketType),
    integers(tickets.map(({ line }) => line.priceClp))
  ]
}
