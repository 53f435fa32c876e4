import type { Books } from './books.ts'

export interface Totals {
  seatsSold: number
  orders: number
  events: number
  receipts: number
  ticketSets: number
  mails: number
  /** Apart: a mail may be repeated between the server's 250 and our commit. */
  duplicateMails: number
  /** Apart: events that were delivered more than once and handled once. */
  repeatedDeliveries: number
}

export function totalsOf(books: Books): Totals {
  const mailIds = new Set(books.notifications.flatMap(({ messageIds }) => messageIds))
  const delivered = books.mailbox.messageIds.filter((id) => mailIds.has(id))
  return {
    seatsSold: books.seats.length + books.zones.reduce((sum, { sold }) => sum + sold, 0),
    orders: books.orders.filter(({ state }) => state === 'made').length,
    events: books.events.filter(({ type }) => type === 'OrdenCreada').length,
    receipts: books.receipts.length,
    ticketSets: new Set(books.tickets.map(({ orderId }) => orderId)).size,
    mails: mailIds.size,
    duplicateMails: delivered.length - new Set(delivered).size,
    repeatedDeliveries: books.inbox.reduce((sum, { deliveries }) => sum + deliveries - 1, 0)
  }
}
