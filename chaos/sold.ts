import type { PoolClient, QueryResultRow } from 'pg'

/** What the primary says was sold and held. Pure data: a test writes it by hand. */
export interface Sold {
  /** Every order, those that will never be (`void`) included. */
  orders: Array<{
    orderId: string
    state: 'made' | 'void'
    totalClp: number | null
    email: string | null
    /** `show/seat`, sorted. */
    seats: string[]
    /** Whose reign wrote the row. */
    epoch: number
  }>
  /** Every hold that was ever given, whatever became of it. */
  holds: Array<{ holdId: string; seats: string[] }>
}

export async function readSold(client: PoolClient): Promise<Sold> {
  const rows = async <Row extends QueryResultRow>(text: string) => (await client.query<Row>(text)).rows
  await client.query('begin isolation level repeatable read read only')
  const reigns = await rows<Reign>('select epoch::float8 as epoch, xmin::text::float8 as xid from public.reign')
  const orders = await rows<Omit<Sold['orders'][number], 'epoch'> & { xid: number }>(
    `select order_id as "orderId", state, total_clp as "totalClp", buyer_email as email, xmin::text::float8 as xid,
            array(select show_id || '/' || seat_no from selling.sold_seats lines
                  where lines.order_id = orders.order_id order by show_id, seat_no) as seats
     from selling.orders`
  )
  const holds = await rows<Sold['holds'][number]>(
    `select hold_id as "holdId", array(select show_id || '/' || seat_no from unnest(seat_nos) as seat_no order by seat_no) as seats
     from selling.holds`
  )
  await client.query('commit')
  return { orders: orders.map(({ xid, ...order }) => ({ ...order, epoch: epochOf(xid, reigns) })), holds }
}

interface Reign {
  epoch: number
  xid: number
}

/**
 * The row of a reign is its first transaction, and transactions are numbered in
 * order through all reigns: what has a higher number than a reign's row and a
 * lower one than the next reign's row was written in that reign.
 */
function epochOf(xid: number, reigns: Reign[]): number {
  return Math.max(0, ...reigns.filter((reign) => reign.xid <= xid).map(({ epoch }) => epoch))
}
