import assert from 'node:assert/strict'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { makeLink } from '../chassis/link.ts'
import type { OrdenCreada } from '../contracts/orden-creada.ts'
import { linksLetter, orderLetter } from './letters.ts'
import type { Enclosed } from './mailer.ts'
import type { Mail } from './notifications.ts'
import { type File, readFile } from './read-documents.ts'

export interface LinkSettings {
  publicUrl: string
  linkSecret: string
}

/** Makes the mail from what is stored: the same events give the same words, the same links and the same files. */
export async function composeMail(pool: Pool, mail: Mail, settings: LinkSettings): Promise<Enclosed> {
  const orders = await findOrders(pool, mail.orderIds)
  if (mail.kind === 'links') {
    const linked = orders.map((order) => ({ order, link: linkTo(order.orderId, mail.issuedAt, settings) }))
    return { ...linksLetter(mail.language, linked), attachments: [] }
  }
  const [order] = orders
  assert(order, 'the mail of an order has an order')
  const folio = order.totalClp > 0 ? await findFolio(pool, order.orderId) : undefined
  const names = folio === undefined ? ['tickets'] : ['receipt', 'tickets']
  const files = await Promise.all(names.map((name) => readFile(pool, order.orderId, name)))
  return { ...orderLetter(order, folio, linkTo(order.orderId, mail.issuedAt, settings)), attachments: files.map(attachmentOf) }
}

function attachmentOf({ fileName, bytes }: File) {
  return { filename: fileName, content: bytes }
}

/** Good for one year after it was issued. */
function linkTo(orderId: string, issuedAt: string, { publicUrl, linkSecret }: LinkSettings): string {
  const expiresAt = new Date(issuedAt)
  expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + 1)
  return `${publicUrl}/mis-entradas/${makeLink(linkSecret, orderId, expiresAt)}`
}

async function findOrders(pool: Pool, orderIds: string[]): Promise<OrdenCreada[]> {
  const [rows] = await pool.query<Array<RowDataPacket & { data: string }>>(
    'select data from orders where order_id in (?) order by seen_at desc',
    [orderIds]
  )
  return rows.map(({ data }) => JSON.parse(data))
}

async function findFolio(pool: Pool, orderId: string): Promise<number> {
  const sql = "select folio from receipts where order_id = ? and document = 'boleta'"
  const [[row]] = await pool.execute<Array<RowDataPacket & { folio: number }>>(sql, [orderId])
  assert(row, 'an order that was paid has a receipt')
  return row.folio
}
