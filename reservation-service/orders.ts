import type { Tx } from '../chassis/postgres.ts'
import type { Order } from '../contracts/selling.ts'
import type { Line } from '../contracts/values.ts'
import { refuse } from './refusals.ts'

/** An order, or the tombstone that keeps its id from ever becoming one. */
export type OrderRow = MadeOrder | { order_id: string; state: 'void' }

export interface MadeOrder {
  order_id: string
  state: 'made'
  code: string
  show_id: number
  /** Null when the box office made it in one call. */
  hold_id: string | null
  fingerprint: string
  service_fee_clp: number
  total_clp: number
  made_at: Date
}

/** @throws Refusal `ORDER_UNKNOWN` or `ORDER_VOID`. */
export async function getOrder(tx: Tx, orderId: string): Promise<Order> {
  const [row] = await findOrders(tx, [orderId])
  if (!row) throw refuse('ORDER_UNKNOWN', { orderId })
  return standing(tx, row)
}

/** @throws Refusal `ORDER_VOID` when the row is a tombstone. */
export async function standing(tx: Tx, row: OrderRow): Promise<Order> {
  if (row.state === 'void') throw refuse('ORDER_VOID', { orderId: row.order_id })
  return {
    orderId: row.order_id,
    code: row.code,
    showId: row.show_id,
    lines: await findLines(tx, row),
    serviceFeeClp: row.service_fee_clp,
    totalClp: row.total_clp,
    madeAt: row.made_at.toISOString()
  }
}

/**
 * Makes sure that no order will ever stand under this id. Whichever commits
 * first wins: the unique index decides between this and an order on its way.
 *
 * @throws Refusal `ORDER_EXISTS` when an order stands.
 */
export async function voidOrder(tx: Tx, orderId: string): Promise<void> {
  await tx.query({
    name: 'insert-tombstone',
    text: "insert into selling.orders (order_id, state) values ($1, 'void') on conflict do nothing",
    values: [orderId]
  })
  const [row] = await findOrders(tx, [orderId])
  if (row?.state !== 'void') throw refuse('ORDER_EXISTS', { orderId })
}

/** @returns The orders with these ids, and those made from these holds. */
export async function findOrders(tx: Tx, orderIds: string[], holdIds: string[] = []): Promise<OrderRow[]> {
  if (orderIds.length + holdIds.length === 0) return []
  const { rows } = await tx.query<OrderRow>({
    name: 'find-orders',
    text: `select order_id, state, code, show_id, hold_id, fingerprint, service_fee_clp, total_clp, made_at
           from selling.orders
           where order_id = any($1::uuid[])
           union all
           select order_id, state, code, show_id, hold_id, fingerprint, service_fee_clp, total_clp, made_at
           from selling.orders
           where hold_id = any($2::uuid[])`,
    values: [orderIds, holdIds]
  })
  return rows
}

async function findLines(tx: Tx, { order_id: orderId, show_id: showId }: MadeOrder): Promise<Line[]> {
  const { rows } = await tx.query<LineRow>({
    name: 'find-lines',
    text: `select s.line_no, s.seat_no, null::integer as zone_no, c.name as section, t.row_label, t.seat_label, s.ticket_type, s.price_clp
           from selling.sold_seats s
           join selling.shows w on w.show_id = $2
           join selling.plan_seats t on t.plan_id = w.plan_id and t.seat_no = s.seat_no
           join selling.plan_sections c on c.plan_id = t.plan_id and c.section_no = t.section_no
           where s.order_id = $1
           union all
           select p.line_no, null, p.zone_no, z.name, '', '', p.ticket_type, p.price_clp
           from selling.sold_places p
           join selling.show_zones z on z.show_id = p.show_id and z.zone_no = p.zone_no
           where p.order_id = $1
           order by line_no`,
    values: [orderId, showId]
  })
  return rows.map(lineOf)
}

interface LineRow {
  line_no: number
  seat_no: number | null
  zone_no: number | null
  section: string
  row_label: string
  seat_label: string
  ticket_type: string
  price_clp: number
}

function lineOf(row: LineRow): Line {
  return {
    lineNo: row.line_no,
    ...(row.seat_no === null ? {} : { seatNo: row.seat_no }),
    ...(row.zone_no === null ? {} : { zoneNo: row.zone_no }),
    section: row.section,
    row: row.row_label,
    seat: row.seat_label,
    ticketType: row.ticket_type,
    priceClp: row.price_clp
  }
}
