import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import type { EventOf } from '../chassis/delivery.ts'
import type { MariaTx } from '../chassis/mariadb.ts'
import type { OrdenCreada } from '../contracts/orden-creada.ts'
import { SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import { isMoment } from './dates.ts'
import { enterInbox } from './inbox.ts'
import { namedId } from './named-id.ts'
import { announceMail } from './notifications.ts'
import { type Issuer, type Receipt, receiptOf } from './receipt.ts'
import { refuse } from './refusals.ts'
import { LINE_NO_MAX, signTicket } from './ticket-code.ts'
import type { SigningKey } from './ticket-keys.ts'
import type { Ticket } from './ticket-page.ts'

export interface IssueSettings {
  issuer: Issuer
  signing: SigningKey
  /** Where the portal is, as documents say it. */
  shopUrl: string
}

/**
 * Issues the documents of an order, once, however often its event arrives:
 * inbox row, tickets, receipt, the files to be made and the mail to be sent are
 * one transaction, acknowledged after its commit.
 *
 * Its caller holds the lock that keeps the order's events in sequence. The folio is
 * taken last, behind everything that can refuse, and a rollback gives it back:
 * the series has no gap. Nothing was sold in the sense of the law when nothing
 * was paid: then there are tickets and no receipt. Rendering and mailing are
 * later steps of their own, so that none of them happens in here.
 *
 * @throws Refusal `ORDER_CODE_TAKEN`, `ORDER_MISMATCH`. Nothing is issued.
 * @throws AssertionError when the order's amounts do not add up, or a page of it could never be made.
 */
export async function issueDocuments(tx: MariaTx, event: EventOf<typeof OrdenCreada>, settings: IssueSettings): Promise<void> {
  if (!(await enterInbox(tx, event.id, event.type))) return
  const order = event.data
  const { orderId, buyer, language, madeAt } = order
  assertPrintable(order)
  const receipt = order.totalClp > 0 ? receiptOf(order, settings.issuer, settings.shopUrl) : undefined
  if (!(await enterOrder(tx, order))) return

  await insertTickets(tx, orderId, ticketsOf(order, settings))
  await insertDocuments(tx, order, filesOf(order))
  await announceMail(tx, { kind: 'order', orderIds: [orderId], email: buyer.email, language, issuedAt: madeAt }, namedId('mail', orderId))
  if (receipt) await insertReceipt(tx, orderId, receipt, await takeFolio(tx))
}

/** What would fail in rendering, for ever, fails here, before anything is issued. */
function assertPrintable({ show, lines }: OrdenCreada): void {
  const momentsAreReal = [show.startsAt, show.doorsAt ?? show.startsAt].every((instant) => isMoment(instant, show.timeZone))
  assert(momentsAreReal, 'the show has a moment or a time zone that does not exist')
  assert(new Set(lines.map(({ lineNo }) => lineNo)).size === lines.length, 'two lines of the order have one number')
  assert(lines.length <= SEATS_PER_ORDER_MAX, 'the order has more lines than a page')
  assert(
    lines.every(({ lineNo }) => lineNo <= LINE_NO_MAX),
    'a line of the order has a number that no code can hold'
  )
}

function filesOf({ lines, totalClp }: OrdenCreada): string[] {
  const receipt = totalClp > 0 ? ['receipt'] : []
  return [...receipt, 'tickets', ...lines.map(({ lineNo }) => `ticket-${lineNo}`)]
}

export function ticketsOf({ orderId, code, show, lines, buyer, madeAt }: OrdenCreada, { signing, shopUrl }: IssueSettings): Ticket[] {
  return lines.map((line, index) => {
    const ticketId = namedId('ticket', orderId, String(line.lineNo))
    const qr = signTicket(signing, { ticketId, showId: show.showId, lineNo: line.lineNo })
    return { ticketId, qr, orderCode: code, holder: buyer.name, number: index + 1, of: lines.length, show, line, madeAt, shopUrl }
  })
}

/** @returns Whether this order is new. An order that was seen under another event id has its documents already. */
async function enterOrder(tx: MariaTx, order: OrdenCreada): Promise<boolean> {
  const { orderId, code, buyer, language } = order
  const [{ affectedRows }] = await tx.execute<ResultSetHeader>(
    `insert into orders (order_id, code, email, language, data) values (?, ?, ?, ?, ?)
     on duplicate key update order_id = order_id`,
    [orderId, code, buyer.email.toLowerCase(), language, JSON.stringify(order)]
  )
  if (affectedRows === 1) return true
  const [[known]] = await tx.execute<Array<RowDataPacket & { data: string }>>('select data from orders where order_id = ? for update', [
    orderId
  ])
  if (!known) throw refuse('ORDER_CODE_TAKEN', { orderId, code })
  if (!isDeepStrictEqual(JSON.parse(known.data), order)) throw refuse('ORDER_MISMATCH', { orderId })
  return false
}

async function insertTickets(tx: MariaTx, orderId: string, tickets: Ticket[]): Promise<void> {
  const rows = tickets.map((ticket) => [
    ticket.ticketId,
    orderId,
    ticket.line.lineNo,
    ticket.show.showId,
    JSON.stringify(ticket),
    ticket.qr
  ])
  await tx.query('insert into tickets (ticket_id, order_id, line_no, show_id, data, qr) values ?', [rows])
}

async function insertDocuments(tx: MariaTx, { orderId }: OrdenCreada, names: string[]): Promise<void> {
  await tx.query('insert into documents (order_id, name) values ?', [names.map((name) => [orderId, name])])
}

async function takeFolio(tx: MariaTx): Promise<number> {
  const [{ insertId }] = await tx.execute<ResultSetHeader>("update folios set last = last_insert_id(last + 1) where document = 'boleta'")
  return insertId
}

async function insertReceipt(tx: MariaTx, orderId: string, receipt: Receipt, folio: number): Promise<void> {
  const { netClp, ivaClp, totalClp } = receipt
  await tx.execute(
    `insert into receipts (document, folio, order_id, net_clp, iva_clp, total_clp, data)
     values ('boleta', ?, ?, ?, ?, ?, ?)`,
    [folio, orderId, netClp, ivaClp, totalClp, JSON.stringify(receipt)]
  )
}
