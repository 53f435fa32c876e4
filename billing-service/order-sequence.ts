import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import type { MariaTx } from '../chassis/mariadb.ts'

/** What every event of an order says of itself. */
export interface Place {
  orderId: string
  /** Among the events of its order, from 1. */
  sequence: number
}

/**
 * The lock that keeps the events of one order apart: everybody takes it before
 * anything else that is of the order or of a register.
 *
 * @returns The sequence of the last event that was applied or given up; 0 before the first.
 */
export async function lockSequence(tx: MariaTx, orderId: string): Promise<number> {
  const [{ affectedRows }] = await tx.execute<ResultSetHeader>(
    `insert into order_sequences (order_id, last_sequence) values (?, 0)
     on duplicate key update last_sequence = last_sequence`,
    [orderId]
  )
  if (affectedRows === 1) return 0
  const [[row]] = await tx.execute<Array<RowDataPacket & { last: number }>>(
    'select last_sequence as last from order_sequences where order_id = ? for update',
    [orderId]
  )
  return row!.last
}

export async function moveSequence(tx: MariaTx, { orderId, sequence }: Place): Promise<void> {
  await tx.execute('update order_sequences set last_sequence = ? where order_id = ?', [sequence, orderId])
}
