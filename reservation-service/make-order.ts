import assert from 'node:assert/strict'
import { announce } from '../chassis/outbox.ts'
import type { Tx } from '../chassis/postgres.ts'
import { OrdenCreada } from '../contracts/orden-creada.ts'
import type { Order, OrderRequest } from '../contracts/selling.ts'
import type { Priced } from '../contracts/values.ts'
import { fingerprintOf } from './fingerprint.ts'
import { chosenIn, findHold, type HoldRow } from './holds.ts'
import { findOffer, priceOf, type ShowRow } from './offer.ts'
import { newOrderCode } from './order-code.ts'
import { findOrders, type OrderRow, standing } from './orders.ts'
import { refuse } from './refusals.ts'
import { sellStock } from './sell-stock.ts'
import { freePlaces, isFree, lockStock, type OwnPlaces, readClock, readOwnPlaces, reclaimPlaces, type Stock } from './stock.ts'

const CODES_TRIED_MAX = 5

/**
 * Sells what a paid hold stands for, and says so: order, sold seats and event are
 * one transaction. A hold that ran out or was released does not matter while its
 * seats are free: whoever has paid gets them.
 *
 * @param orderId - Chosen by the caller. The same id is the same order, however often it arrives.
 * @returns The order, the same for every repeat.
 * @throws Refusal `SEAT_TAKEN` or `ZONE_FULL` (the money goes back), `PRICE_CHANGED`, `HOLD_UNKNOWN`, `HOLD_SOLD`,
 *   `ORDER_MISMATCH` or `ORDER_VOID`. Nothing is sold.
 */
export async function makeOrder(tx: Tx, orderId: string, request: OrderRequest): Promise<Order> {
  const fingerprint = fingerprintOf(request)
  const hold = await findHold(tx, request.holdId)
  const offer = hold && (await findOffer(tx, chosenIn(hold)))
  const locked = hold && (await lockStock(tx, chosenIn(hold)))
  const known = await knownOrder(tx, orderId, request.holdId, fingerprint)
  if (known) return standing(tx, known)
  if (!hold || !locked) throw refuse('HOLD_UNKNOWN', { holdId: request.holdId })

  assert(offer, 'a hold has a show')
  const now = await readClock(tx)
  const own = await readOwnPlaces(tx, chosenIn(hold), hold.hold_id)
  const stock = { ...locked, zones: await reclaimPlaces(tx, locked.zones, chosenIn(hold), now) }
  mustBeSellable(request, hold, stock, own, now)

  const priced = priceOf(offer, stock.zones, chosenIn(hold))
  assert.equal(priced.totalClp, hold.total_clp, 'the prices of a show do not change')
  return sell(tx, { orderId, request, fingerprint, hold, show: offer.show, priced, now })
}

/** Pure. */
function mustBeSellable({ totalClp }: OrderRequest, hold: HoldRow, { seats, zones }: Stock, own: OwnPlaces, now: Date): void {
  if (totalClp !== hold.total_clp) throw refuse('PRICE_CHANGED', { quotedClp: hold.total_clp, totalClp })
  const isOurs = (seat: Stock['seats'][number]) => seat.state === 'held' && seat.holder_id === hold.hold_id
  const taken = seats.filter((seat) => !isFree(seat, now) && !isOurs(seat)).map((seat) => seat.seat_no)
  if (taken.length > 0) throw refuse('SEAT_TAKEN', { seatNos: taken })
  const full = zones.find((zone, i) => !own.has(zone.zone_no) && freePlaces(zone) < hold.quantities[i]!)
  if (full) throw refuse('ZONE_FULL', { zoneNo: full.zone_no, free: freePlaces(full) })
}

interface Sale {
  orderId: string
  request: OrderRequest
  fingerprint: string
  hold: HoldRow
  show: ShowRow
  priced: Priced
  now: Date
}

/** The ids come last: whoever commits first has them, and a tombstone is such a one. A code in use is drawn again. */
async function sell(tx: Tx, { orderId, request, fingerprint, hold, show, priced, now }: Sale): Promise<Order> {
  for (let tried = 0; tried < CODES_TRIED_MAX; tried++) {
    const order = { orderId, code: newOrderCode(), showId: hold.show_id, ...priced, madeAt: now.toISOString() }
    if (await sellStock(tx, order, request, fingerprint, chosenIn(hold))) {
      await announce(tx, OrdenCreada, orderId, eventOf(order, show, request))
      return order
    }
    const known = await knownOrder(tx, orderId, request.holdId, fingerprint)
    if (known) return standing(tx, known)
  }
  throw new Error('no free order code found')
}

/** @throws Refusal when what is known is not what is asked for. */
async function knownOrder(tx: Tx, orderId: string, holdId: string, fingerprint: string): Promise<OrderRow | undefined> {
  const orders = await findOrders(tx, orderId, holdId)
  const known = orders.find((order) => order.order_id === orderId)
  if (!known && orders.length > 0) throw refuse('HOLD_SOLD', { holdId })
  if (known?.state === 'made' && known.fingerprint !== fingerprint) throw refuse('ORDER_MISMATCH', { orderId })
  return known
}

function eventOf({ showId, ...order }: Order, show: ShowRow, { buyer, language }: OrderRequest): OrdenCreada {
  const { code, title, venue, address, city, starts_at: startsAt, doors_at: doorsAt, time_zone: timeZone } = show
  return {
    ...order,
    sequence: 1,
    show: {
      showId,
      code,
      title,
      venue,
      address,
      city,
      startsAt: startsAt.toISOString(),
      ...(doorsAt ? { doorsAt: doorsAt.toISOString() } : {}),
      timeZone
    },
    buyer,
    language
  }
}
