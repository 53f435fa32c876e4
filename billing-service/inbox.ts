import type { ResultSetHeader } from 'mysql2/promise'
import type { MariaTx } from '../chassis/mariadb.ts'

/**
 * @returns Whether the event is here for the first time. A repeat is counted:
 *   that write makes its commit wait for the replica like the first one did.
 */
export async function enterInbox(tx: MariaTx, eventId: string, type: string): Promise<boolean> {
  const [{ affectedRows }] = await tx.execute<ResultSetHeader>(
    `insert into inbox (event_id, type) values (?, ?)
     on duplicate key update deliveries = deliveries + 1`,
    [eventId, type]
  )
  return affectedRows === 1
}
