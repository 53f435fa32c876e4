import type { RowDataPacket } from 'mysql2/promise'
import type { EventOf } from '../chassis/delivery.ts'
import type { MariaTx } from '../chassis/mariadb.ts'
import { EntradasPedidas } from '../contracts/entradas-pedidas.ts'
import { enterInbox } from './inbox.ts'
import { namedId } from './named-id.ts'
import { announceMail } from './notifications.ts'
import { readerInAnyOrder } from './readers.ts'

const ORDERS_MAX = 20
const WINDOW_MS = 10 * 60_000

export const linksReader = readerInAnyOrder('billing.entradas-pedidas', EntradasPedidas, sendLinks)

/**
 * Announces one mail with a link to each order of an address, newest first, and
 * nothing at all for an address that no order has. However often somebody asks,
 * an address gets at most one such mail in {@link WINDOW_MS}.
 */
export async function sendLinks(tx: MariaTx, { id, type, data }: EventOf<typeof EntradasPedidas>): Promise<void> {
  if (!(await enterInbox(tx, id, type))) return
  const email = data.email.toLowerCase()
  const orderIds = await findOrderIds(tx, email)
  if (orderIds.length === 0) return

  const window = Math.floor(Date.parse(data.askedAt) / WINDOW_MS)
  const notificationId = namedId('links', email, String(window))
  if (await isAnnounced(tx, notificationId)) return
  await announceMail(tx, { kind: 'links', orderIds, email, language: data.language, issuedAt: data.askedAt }, notificationId)
}

async function findOrderIds(tx: MariaTx, email: string): Promise<string[]> {
  const [rows] = await tx.execute<Array<RowDataPacket & { id: string }>>(
    `select order_id as id from orders where email = ? order by seen_at desc limit ${ORDERS_MAX}`,
    [email]
  )
  return rows.map(({ id }) => id)
}

async function isAnnounced(tx: MariaTx, notificationId: string): Promise<boolean> {
  const [rows] = await tx.execute<RowDataPacket[]>('select 1 from notification_events where notification_id = ? limit 1', [notificationId])
  return rows.length > 0
}
