import assert from 'node:assert/strict'
import { unavailable } from '../chassis/errors.ts'
import type { Order } from '../contracts/selling.ts'
import type { Buyer, Priced } from '../contracts/values.ts'
import { buyerKey } from './buyers.ts'
import { checkChoice } from './check-choice.ts'
import { type Chosen, ticketsOf } from './choice.ts'
import type { OrderCommand, SaleCommand } from './commands.ts'
import type { Facts, Outcome, Writes } from './decide.ts'
import { chosenIn, type HoldRow } from './holds.ts'
import type { OrderRow } from './orders.ts'
import { priceOf } from './price.ts'
import type { Show } from './read-show.ts'
import { refuse } from './refusals.ts'
import { freePlaces, isFree } from './stock.ts'
import { take } from './take.ts'

/** The hold was made after its order came in: what it holds is not locked, and the order is to come again. */
export const MADE_SINCE = unavailable('a hold that was made a moment ago')

/**
 * Pure. Sells what a paid hold stands for. A hold that ran out or was released
 * does not matter while its seats are free: whoever has paid gets them.
 */
export function decideOrder(command: OrderCommand, facts: Facts, writes: Writes): Outcome {
  const { id: orderId, request } = command
  const known = knownOrder(command, facts)
  if (known) return known
  const { holdId, totalClp } = request
  if (facts.ordersByHold.has(holdId)) throw refuse('HOLD_SOLD', { holdId })
  const hold = facts.holds.get(holdId)
  if (!hold) throw refuse('HOLD_UNKNOWN', { holdId })
  if (!command.chosen) return { stale: MADE_SINCE }
  if (totalClp !== hold.total_clp) throw refuse('PRICE_CHANGED', { quotedClp: hold.total_clp, totalClp })

  const show = command.show
  assert(show, 'a hold has a show')
  const chosen = chosenIn(hold)
  mustStillBeTheirs(hold, facts)
  countBuyer(show, request.buyer, chosen, facts)
  const priced = priceOf(show, chosen)
  assert.equal(priced.totalClp, hold.total_clp, 'the prices of a show do not change')
  return sell(command, orderId, chosen, priced, facts, writes, hold)
}

/** Pure. Holds and sells in one. */
export function decideSale(command: SaleCommand, facts: Facts, writes: Writes): Outcome {
  const { id: orderId, show, showId, chosen, request } = command
  const known = knownOrder(command, facts)
  if (known) return known
  if (!show) throw refuse('SHOW_UNKNOWN', { showId })
  if (!chosen) throw refuse('NOT_TOGETHER', { quantity: command.best!.quantity, together: command.together })
  const priced = checkChoice(show, chosen, command, facts)
  const { totalClp = priced.totalClp } = request
  if (totalClp !== priced.totalClp) throw refuse('PRICE_CHANGED', { quotedClp: priced.totalClp, totalClp })
  countBuyer(show, request.buyer, chosen, facts)
  return sell(command, orderId, chosen, priced, facts, writes)
}

function knownOrder({ id: orderId, fingerprint }: OrderCommand | SaleCommand, { made, ordersById }: Facts): Outcome | undefined {
  const row = ordersById.get(orderId)
  if (!row) return undefined
  if (row.state === 'void') throw refuse('ORDER_VOID', { orderId })
  if (row.fingerprint !== fingerprint) throw refuse('ORDER_MISMATCH', { orderId })
  const order = made.get(orderId)
  return order ? { order } : { known: row }
}

function mustStillBeTheirs(hold: HoldRow, { stock, ownPlaces, now }: Facts): void {
  const { show_id: showId, hold_id: holdId } = hold
  const taken = hold.seat_nos.filter((seatNo) => {
    const seat = stock.seats.get(showId)!.get(seatNo)!
    return !isFree(seat, now) && !(seat.state === 'held' && seat.holder_id === holdId)
  })
  if (taken.length > 0) throw refuse('SEAT_TAKEN', { seatNos: taken })
  hold.zone_nos.forEach((zoneNo, i) => {
    const free = freePlaces(stock.zones.get(showId)!.get(zoneNo)!)
    if (!ownPlaces.get(holdId)?.has(zoneNo) && free < hold.quantities[i]!) throw refuse('ZONE_FULL', { zoneNo, free })
  })
}

function countBuyer({ row }: Show, { email }: Buyer, chosen: Chosen, { ticketsOf: counts }: Facts): void {
  const max = row.tickets_per_buyer_max
  if (max === null) return
  const key = buyerKey(row.show_id, email)
  const has = counts.get(key)!
  if (has + ticketsOf(chosen) > max) throw refuse('BUYER_LIMIT', { max, has })
  counts.set(key, has + ticketsOf(chosen))
}

function sell(
  command: OrderCommand | SaleCommand,
  orderId: string,
  chosen: Chosen,
  priced: Priced,
  facts: Facts,
  writes: Writes,
  hold?: HoldRow
): Outcome {
  const own = hold && facts.ownPlaces.get(hold.hold_id)
  own?.forEach((zoneNo) => {
    facts.stock.zones.get(chosen.showId)!.get(zoneNo)!.held -= hold!.quantities[hold!.zone_nos.indexOf(zoneNo)]!
  })
  take(chosen, facts, writes, { state: 'sold', holder_id: orderId, held_until: null })
  const order: Order = { orderId, code: facts.newCode(), showId: chosen.showId, ...priced, madeAt: facts.now.toISOString() }
  const row: OrderRow = rowOf(order, command.fingerprint, hold?.hold_id ?? null, facts.now)
  facts.made.set(orderId, order)
  facts.ordersById.set(orderId, row)
  if (hold) facts.ordersByHold.set(hold.hold_id, row)
  writes.sales.push({ order, command, holdId: hold?.hold_id ?? null })
  return { order }
}

function rowOf(order: Order, fingerprint: string, holdId: string | null, madeAt: Date): OrderRow {
  return {
    order_id: order.orderId,
    state: 'made',
    code: order.code,
    show_id: order.showId,
    hold_id: holdId,
    fingerprint,
    service_fee_clp: order.serviceFeeClp,
    total_clp: order.totalClp,
    made_at: madeAt
  }
}
