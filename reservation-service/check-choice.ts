import type { Priced } from '../contracts/values.ts'
import { type Chosen, ticketsOf } from './choice.ts'
import type { HoldCommand, SaleCommand } from './commands.ts'
import type { Facts } from './decide.ts'
import { avoidableOrphans, orphansMade } from './no-orphan.ts'
import { priceOf } from './price.ts'
import type { Show } from './read-show.ts'
import { refuse } from './refusals.ts'
import { freePlaces, isFree } from './stock.ts'

/**
 * Pure. Whether a show sells this now to somebody who has no claim on it yet.
 *
 * @returns What it costs.
 * @throws Refusal with the first rule that says no.
 */
export function checkChoice(show: Show, chosen: Chosen, { best, strands }: HoldCommand | SaleCommand, facts: Facts): Priced {
  const { row } = show
  if (ticketsOf(chosen) > row.tickets_per_order_max) throw refuse('TOO_MANY_TICKETS', { max: row.tickets_per_order_max })
  mustExist(show, chosen)
  const priced = priceOf(show, chosen)
  mustBeOnSale(show, facts.now)
  mustHaveCompany(show, chosen, facts)
  mustBeFree(chosen, facts)
  if (best && !strands) mustStrandNobody(chosen, orphansMade(show.seating, takenIn(facts, chosen.showId), chosen.seatNos))
  if (!best && row.no_orphan_seats) mustStrandNobody(chosen, avoidableOrphans(show.seating, takenIn(facts, chosen.showId), chosen.seatNos))
  return priced
}

function mustExist({ seats, zones }: Show, { seatNos, zoneNos }: Chosen): void {
  const strangers = seatNos.filter((seatNo) => !seats.has(seatNo))
  if (strangers.length > 0) throw refuse('SEAT_UNKNOWN', { seatNos: strangers })
  const zoneNo = zoneNos.find((no) => !zones.has(no))
  if (zoneNo !== undefined) throw refuse('ZONE_UNKNOWN', { zoneNo })
}

function mustBeOnSale({ row: { sales_from: from, sales_until: until } }: Show, now: Date): void {
  if (now >= from && now < until) return
  throw refuse('NOT_ON_SALE', { when: now < from ? 'early' : 'over', salesFrom: from.toISOString(), salesUntil: until.toISOString() })
}

/** Together with the accessible seat, or once that one has somebody: then nobody else can want it for its sake. */
function mustHaveCompany({ seats, hasCompanions }: Show, { showId, seatNos }: Chosen, facts: Facts): void {
  if (!hasCompanions) return
  const alone = seatNos.filter((seatNo) => {
    const { kind, accessible_no: accessibleNo } = seats.get(seatNo)!
    return kind === 'companion' && !seatNos.includes(accessibleNo!) && isFree(facts.stock.seats.get(showId)!.get(accessibleNo!)!, facts.now)
  })
  if (alone.length > 0) throw refuse('COMPANION_ALONE', { seatNos: alone })
}

function mustBeFree({ showId, seatNos, zoneNos, quantities }: Chosen, { stock, now }: Facts): void {
  const seats = stock.seats.get(showId)
  const taken = seatNos.filter((seatNo) => !isFree(seats!.get(seatNo)!, now))
  if (taken.length > 0) throw refuse('SEAT_TAKEN', { seatNos: taken })
  zoneNos.forEach((zoneNo, i) => {
    const free = freePlaces(stock.zones.get(showId)!.get(zoneNo)!)
    if (free < quantities[i]!) throw refuse('ZONE_FULL', { zoneNo, free })
  })
}

/** @see docs/decisions/0010-refuse-only-orphans-that-can-be-avoided.md */
function mustStrandNobody({ seatNos }: Chosen, orphans: number[]): void {
  if (orphans.length > 0) throw refuse('ORPHAN_SEAT', { seatNos, orphans })
}

/** As the batch has it so far. */
function takenIn({ stock, takenInRows, now }: Facts, showId: number): (seatNo: number) => boolean {
  const seats = stock.seats.get(showId)
  const others = takenInRows.get(showId)
  return (seatNo) => {
    const seat = seats?.get(seatNo)
    return seat ? !isFree(seat, now) : (others?.has(seatNo) ?? false)
  }
}
