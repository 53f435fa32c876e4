import assert from 'node:assert/strict'
import type { Tx } from '../chassis/postgres.ts'
import type { Hold } from '../contracts/selling.ts'
import { type Chosen, placesOf } from './choice.ts'
import { findHold, type HoldRow } from './holds.ts'
import { findOffer, type Offer, priceOf, type ShowRow } from './offer.ts'
import { refuse } from './refusals.ts'
import { freePlaces, isFree, lockStock, readClock, reclaimPlaces, type Stock } from './stock.ts'

/**
 * Holds every chosen seat and place, or none of them. A hold is a promise to one
 * buyer and not yet a fact for others: nothing is announced.
 *
 * What never changes is read first, then the stock is locked, then the clock and
 * the hold's id are read, then {@link decide} decides, then one statement writes.
 * A hold that has run out is free stock, taken over in place.
 *
 * @param holdId - Chosen by the caller. The same id is the same hold, however often it arrives.
 * @param holdSeconds - How long the buyer has to pay, by the database clock.
 * @returns The hold, the same for every repeat, also after it ran out or was sold.
 * @throws Refusal `SHOW_UNKNOWN`, `NOT_ON_SALE`, `SEAT_UNKNOWN`, `SEAT_TAKEN`, `ZONE_UNKNOWN`, `ZONE_FULL`,
 *   `HOLD_MISMATCH` or `HOLD_RELEASED`. Nothing is held.
 */
export async function holdSeats(tx: Tx, holdId: string, chosen: Chosen, holdSeconds: number): Promise<Hold> {
  const offer = await findOffer(tx, chosen)
  const { seats, zones } = await lockStock(tx, chosen)
  const now = await readClock(tx)
  const known = await findHold(tx, holdId)
  const stock = { seats, zones: known ? zones : await reclaimPlaces(tx, zones, chosen, now) }
  const hold = decide({ holdId, chosen, holdSeconds }, offer, stock, known, now)
  if (known || (await insertHold(tx, hold, chosen))) return hold

  const rival = await findHold(tx, holdId) // another request with this id committed while ours waited for its insert
  assert(rival, 'a hold that conflicts exists')
  return decide({ holdId, chosen, holdSeconds }, offer, stock, rival, now)
}

interface HoldRequest {
  holdId: string
  chosen: Chosen
  holdSeconds: number
}

/** Pure. Gives the hold to write, or the known one again. */
function decide(request: HoldRequest, offer: Offer | undefined, stock: Stock, known: HoldRow | undefined, now: Date): Hold {
  const { holdId, chosen, holdSeconds } = request
  if (known && !isSame(known, chosen)) throw refuse('HOLD_MISMATCH', { holdId })
  if (known?.released_at) throw refuse('HOLD_RELEASED', { holdId })
  if (!offer) throw refuse('SHOW_UNKNOWN', { showId: chosen.showId })
  const priced = priceOf(offer, stock.zones, chosen)
  const { showId, seatNos } = chosen
  const answer = { holdId, showId, seatNos, places: placesOf(chosen), ...priced }
  if (known) return { ...answer, heldUntil: known.held_until.toISOString() }

  mustExist(chosen, offer, stock)
  mustBeOnSale(offer.show, now)
  mustBeFree(chosen, stock, now)
  return { ...answer, heldUntil: new Date(now.getTime() + holdSeconds * 1_000).toISOString() }
}

function isSame(known: HoldRow, { showId, seatNos, zoneNos, quantities }: Chosen): boolean {
  return (
    known.show_id === showId &&
    known.seat_nos.join() === seatNos.join() &&
    known.zone_nos.join() === zoneNos.join() &&
    known.quantities.join() === quantities.join()
  )
}

function mustExist({ seatNos, zoneNos }: Chosen, offer: Offer, { seats, zones }: Stock): void {
  const sold = new Set(offer.seats.map((seat) => seat.seat_no)).intersection(new Set(seats.map((seat) => seat.seat_no)))
  const strangers = seatNos.filter((seatNo) => !sold.has(seatNo))
  if (strangers.length > 0) throw refuse('SEAT_UNKNOWN', { seatNos: strangers })
  const zone = zoneNos.find((zoneNo) => !zones.some((locked) => locked.zone_no === zoneNo))
  if (zone) throw refuse('ZONE_UNKNOWN', { zoneNo: zone })
}

function mustBeOnSale({ sales_from: from, sales_until: until }: ShowRow, now: Date): void {
  if (now >= from && now < until) return
  throw refuse('NOT_ON_SALE', { when: now < from ? 'early' : 'over', salesFrom: from.toISOString(), salesUntil: until.toISOString() })
}

function mustBeFree({ quantities }: Chosen, { seats, zones }: Stock, now: Date): void {
  const taken = seats.filter((seat) => !isFree(seat, now)).map((seat) => seat.seat_no)
  if (taken.length > 0) throw refuse('SEAT_TAKEN', { seatNos: taken })
  const full = zones.find((zone, i) => freePlaces(zone) < quantities[i]!)
  if (full) throw refuse('ZONE_FULL', { zoneNo: full.zone_no, free: freePlaces(full) })
}

/** Hold, seats and places in one statement, all or nothing. @returns Whether the id was new. */
async function insertHold(tx: Tx, { holdId, heldUntil, totalClp }: Hold, chosen: Chosen): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'insert-hold',
    text: `with hold as (
             insert into selling.holds (hold_id, show_id, seat_nos, zone_nos, quantities, total_clp, held_until)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict do nothing
             returning hold_id
           ), seats as (
             update selling.seats
             set state = 'held', holder_id = $1, held_until = $7
             where show_id = $2 and seat_no = any($3) and exists (select from hold)
           ), places as (
             insert into selling.zone_holds (hold_id, show_id, zone_no, quantity, held_until)
             select $1, $2, zone_no, quantity, $7
             from unnest($4::integer[], $5::integer[]) as chosen (zone_no, quantity)
             where exists (select from hold)
           ), zones as (
             update selling.show_zones z
             set held = z.held + chosen.quantity
             from unnest($4::integer[], $5::integer[]) as chosen (zone_no, quantity)
             where z.show_id = $2 and z.zone_no = chosen.zone_no and exists (select from hold)
           )
           select from hold`,
    values: [holdId, chosen.showId, chosen.seatNos, chosen.zoneNos, chosen.quantities, totalClp, heldUntil]
  })
  return rowCount === 1
}
