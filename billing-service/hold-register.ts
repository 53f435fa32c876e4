import type { Pool, RowDataPacket } from 'mysql2/promise'
import type { Delivery } from '../chassis/delivery.ts'
import type { MariaTx } from '../chassis/mariadb.ts'
import type { Place } from './order-sequence.ts'

export interface Held extends Delivery {
  eventId: string
  /** How often it was tried in vain since its turn came. */
  tries: number
}

/** Keeps an event whose turn has not come, with the bytes as they came. */
export async function enterHeld(tx: MariaTx, eventId: string, { orderId, sequence }: Place, delivery: Delivery): Promise<void> {
  const { queue, headers, body } = delivery
  await tx.execute(
    `insert into held_events (event_id, order_id, sequence, queue, headers, body) values (?, ?, ?, ?, ?, ?)
     on duplicate key update deliveries = deliveries + 1`,
    [eventId, orderId, sequence, queue, JSON.stringify(headers), body]
  )
}

/** The first one on hold of an order, if its turn has come. Whoever asks has locked the order's sequence. */
export async function findHeld(tx: MariaTx, { orderId, sequence }: Place): Promise<Held | undefined> {
  const [[row]] = await tx.execute<Array<RowDataPacket & Omit<Held, 'headers'> & { headers: string }>>(
    `select event_id as eventId, tries, queue, headers, body
     from held_events
     where order_id = ? and sequence <= ?
     order by sequence
     limit 1
     for update`,
    [orderId, sequence]
  )
  if (!row) return undefined
  const { eventId, tries, queue, headers, body } = row
  return { eventId, tries, queue, headers: JSON.parse(headers) as Delivery['headers'], body }
}

export async function leaveHeld(tx: MariaTx, eventId: string): Promise<void> {
  await tx.execute('delete from held_events where event_id = ?', [eventId])
}

export async function countTry(tx: MariaTx, eventId: string): Promise<void> {
  await tx.execute('update held_events set tries = tries + 1 where event_id = ?', [eventId])
}

/** Orders that have an event on hold whose turn has come, the longest waiting first. */
export async function findOrdersWhoseTurnCame(pool: Pool, ordersMax: number): Promise<string[]> {
  const [rows] = await pool.query<Array<RowDataPacket & { orderId: string }>>(
    `select order_id as orderId
     from held_events
     join order_sequences using (order_id)
     where sequence <= last_sequence + 1
     group by order_id
     order by min(held_at)
     limit ?`,
    [ordersMax]
  )
  return rows.map(({ orderId }) => orderId)
}
