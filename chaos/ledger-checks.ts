import { EntradasPedidas } from '../contracts/entradas-pedidas.ts'
import type { Books } from './books.ts'

/** Who is still paid or refunding is named for that; what an operator sold has no purchase. */
const MAY_HAVE_AN_ORDER = new Set([undefined, 'ordered', 'documented', 'paid', 'refunding'])
const ASKED = EntradasPedidas.type

/** @returns One sentence per difference; none means that the ledger closes. */
export function differencesOf(books: Books): string[] {
  const sales = [seatsAreLines, linesAreOrders, purchasesAreOrders, eventsAreOrders, inboxIsEvents]
  const documents = [ticketsAreLines, receiptsArePaid, foliosAreGapless, foliosAreInOrder, mailsAreOrders, nothingFailed, nothingGivenUp]
  return [...sales, ...documents].flatMap((check) => check(books))
}

/** Seats sold = lines of orders, seat by seat; a zone's counter = its lines. */
function seatsAreLines({ seats, lines, zones }: Books): string[] {
  const name = ({ showId, seatNo }: { showId: number; seatNo: number | null }) => `seat ${showId}/${seatNo}`
  const numbered = lines.filter(({ seatNo }) => seatNo !== null)
  const lineOf = new Map(numbered.map((line) => [name(line), line]))
  const soldSeats = new Set(seats.map(name))
  const places = Map.groupBy(lines, ({ showId, zoneNo }) => `${showId}/${zoneNo}`)
  return [
    ...repeated(numbered.map(name)).map((seat) => `${seat} is a line of two orders`),
    ...seats.filter((seat) => !lineOf.has(name(seat))).map((seat) => `${name(seat)} is sold and on no order`),
    ...seats
      .filter((seat) => lineOf.has(name(seat)) && lineOf.get(name(seat))!.orderId !== seat.orderId)
      .map((seat) => `${name(seat)} is sold to another order than its line says`),
    ...numbered.filter((line) => !soldSeats.has(name(line))).map((line) => `${name(line)} is on order ${line.orderId} and not sold`),
    ...zones
      .map(({ showId, zoneNo, sold }) => ({ zone: `${showId}/${zoneNo}`, sold, counted: places.get(`${showId}/${zoneNo}`)?.length ?? 0 }))
      .filter(({ sold, counted }) => sold !== counted)
      .map(({ zone, sold, counted }) => `zone ${zone} counts ${sold} sold and its orders have ${counted} places`)
  ]
}

/** Every order has lines that add up to its total, and every line an order that stands. */
function linesAreOrders({ lines, orders }: Books): string[] {
  const linesOf = Map.groupBy(lines, ({ orderId }) => orderId)
  const standing = new Set(orders.filter(({ state }) => state === 'made').map(({ orderId }) => orderId))
  return [
    ...[...linesOf.keys()]
      .filter((orderId) => !standing.has(orderId))
      .map((orderId) => `lines name order ${orderId}, which does not stand`),
    ...orders
      .filter(({ state, orderId }) => state === 'made' && !linesOf.has(orderId))
      .map(({ orderId }) => `order ${orderId} has no lines`),
    ...orders
      .filter(({ state, orderId }) => state === 'made' && linesOf.has(orderId))
      .map((order) => ({ ...order, sum: linesOf.get(order.orderId)!.reduce((sum, { priceClp }) => sum + priceClp, order.serviceFeeClp) }))
      .filter(({ sum, totalClp }) => sum !== totalClp)
      .map(({ orderId, sum, totalClp }) => `order ${orderId} is of ${totalClp} and its lines add up to ${sum}`)
  ]
}

/** A purchase that says it was ordered has an order; an order comes from a purchase that says so. */
function purchasesAreOrders(books: Books): string[] {
  const stateOf = new Map(books.purchases.map(({ purchaseId, state }) => [purchaseId, state]))
  const orders = new Set(made(books).map(({ orderId }) => orderId))
  return [
    ...books.purchases
      .filter(({ purchaseId, state }) => (state === 'ordered' || state === 'documented') && !orders.has(purchaseId))
      .map(({ purchaseId, state }) => `purchase ${purchaseId} is ${state} and has no order`),
    ...books.purchases
      .filter(({ state }) => state === 'paid' || state === 'refunding')
      .map(({ purchaseId, state }) => `purchase ${purchaseId} is still ${state}`),
    ...[...orders]
      .filter((orderId) => !MAY_HAVE_AN_ORDER.has(stateOf.get(orderId)))
      .map((orderId) => `order ${orderId} stands and its purchase is ${stateOf.get(orderId)}`)
  ]
}

function eventsAreOrders(books: Books): string[] {
  return [
    ...oneEach(
      'order',
      made(books).map(({ orderId }) => orderId),
      'OrdenCreada',
      created(books).map(({ orderId }) => orderId)
    ),
    ...books.events.filter(({ published }) => !published).map(({ eventId }) => `event ${eventId} was never published`)
  ]
}

/** What somebody asked for is in the inbox too, and is no event of an order. */
function inboxIsEvents(books: Books): string[] {
  const inbox = books.inbox.filter(({ type }) => type !== ASKED)
  return oneEach(
    'event',
    books.events.map(({ eventId }) => eventId),
    'inbox row',
    inbox.map(({ eventId }) => eventId)
  )
}

/** Valid tickets = lines, one by one. */
function ticketsAreLines({ lines, tickets }: Books): string[] {
  const name = ({ orderId, lineNo }: { orderId: string; lineNo: number }) => `${orderId}/${lineNo}`
  return oneEach('line', lines.map(name), 'ticket', tickets.map(name))
}

function receiptsArePaid(books: Books): string[] {
  const paid = made(books).filter(({ totalClp }) => totalClp > 0)
  const totalOf = new Map(paid.map(({ orderId, totalClp }) => [orderId, totalClp]))
  return [
    ...oneEach(
      'paid order',
      paid.map(({ orderId }) => orderId),
      'receipt',
      books.receipts.map(({ orderId }) => orderId)
    ),
    ...books.receipts
      .filter(({ orderId, totalClp }) => totalOf.has(orderId) && totalOf.get(orderId) !== totalClp)
      .map(({ folio, orderId, totalClp }) => `receipt ${folio} is of ${totalClp} and its order ${orderId} of ${totalOf.get(orderId)}`)
  ]
}

/** From 1 to the last one taken, each once. */
function foliosAreGapless({ receipts, lastFolio }: Books): string[] {
  const folios = Array.from({ length: lastFolio }, (_, i) => String(i + 1))
  return oneEach(
    'folio',
    folios,
    'receipt',
    receipts.map(({ folio }) => String(folio))
  )
}

/** A folio is taken under a lock that is held until its receipt is committed: a higher one is never older. */
function foliosAreInOrder({ receipts }: Books): string[] {
  const byFolio = receipts.toSorted((a, b) => a.folio - b.folio)
  return byFolio
    .slice(1)
    .flatMap(({ folio, issuedAt }, i) =>
      issuedAt < byFolio[i]!.issuedAt ? [`receipt ${folio} is older than receipt ${byFolio[i]!.folio}`] : []
    )
}

/** One notification per order, sent under one Message-ID, and in the mailbox. */
function mailsAreOrders(books: Books): string[] {
  const inMailbox = new Set(books.mailbox.messageIds)
  const sent = books.notifications.flatMap(({ orderId, messageIds }) =>
    [...new Set(messageIds)].map((messageId) => ({ orderId, messageId }))
  )
  return [
    ...oneEach(
      'order',
      made(books).map(({ orderId }) => orderId),
      'mail',
      sent.map(({ orderId }) => orderId)
    ),
    ...repeated(sent.map(({ messageId }) => messageId)).map((messageId) => `two mails have the Message-ID ${messageId}`),
    ...sent
      .filter(({ messageId }) => !books.mailbox.full && !inMailbox.has(messageId))
      .map(({ orderId, messageId }) => `mail ${messageId} of order ${orderId} is not in the mailbox`)
  ]
}

function nothingFailed({ failedEvents, heldEvents }: Books): string[] {
  return [
    ...failedEvents.map(({ eventId, reason }) => `event ${eventId} is in the failed register: ${reason}`),
    ...heldEvents.map(({ eventId, orderId }) => `event ${eventId} of order ${orderId} is on hold`)
  ]
}

/** A sale that somebody gave up documenting stays a difference, with their name on it, until it is documented after all. */
function nothingGivenUp({ discardedEvents, tickets }: Books): string[] {
  const documented = new Set(tickets.map(({ orderId }) => orderId))
  return discardedEvents
    .filter(({ type, orderId }) => type === 'OrdenCreada' && (orderId === null || !documented.has(orderId)))
    .map(({ eventId, orderId, by, reason }) => `order ${orderId} has no documents: ${by} discarded its event ${eventId}: ${reason}`)
}

/** Every `left` has exactly one `right`, and every `right` names a `left`. */
function oneEach(left: string, lefts: string[], right: string, rights: string[]): string[] {
  const counts = Map.groupBy(rights, (id) => id)
  const known = new Set(lefts)
  return [
    ...lefts.filter((id) => counts.get(id)?.length !== 1).map((id) => `${left} ${id} has ${counts.get(id)?.length ?? 0} of: ${right}`),
    ...[...counts.keys()].filter((id) => !known.has(id)).map((id) => `a ${right} names ${left} ${id}, which does not exist`)
  ]
}

function repeated(ids: string[]): string[] {
  return [...Map.groupBy(ids, (id) => id)].filter(([, same]) => same.length > 1).map(([id]) => id)
}

function made({ orders }: Books) {
  return orders.filter(({ state }) => state === 'made')
}

function created({ events }: Books) {
  return events.filter(({ type }) => type === 'OrdenCreada')
}
