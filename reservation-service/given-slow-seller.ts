import { HALLS, HOLD_MS } from './given-halls.ts'
import { bodyOf, type Given, isNo, type No, no, personOf, priceOf, type Ticket, ticketsOf, told } from './given-slow-tickets.ts'
import type { Asking, HoldStep, OrderStep, SaleStep } from './given-steps.ts'
import { slowAvoidableOrphans, slowOrphansMade } from './slow-seats.ts'

/**
 * For tests: the seller once more, slow and obvious. It remembers what it gave
 * and nothing else, takes one command at a time, and works out from the whole
 * list whatever it wants to know.
 */
export function openSlowSeller() {
  const given: Given[] = []
  const voided = new Set<number>()
  return { ask, release, voidOrder }

  function ask(step: Asking, nowMs: number): unknown {
    try {
      return told(step.does === 'hold' ? hold(step, nowMs) : step.does === 'sale' ? sale(step, nowMs) : order(step, nowMs))
    } catch (err) {
      if (!isNo(err)) throw err
      return step.does !== 'order' && isStale(step, err) ? { stale: err.no } : err
    }
  }

  function hold(step: HoldStep, nowMs: number): Given {
    const { id, wish } = step
    const body = bodyOf(wish)
    const known = find('hold', id)
    if (known && known.body !== body) throw no('HOLD_MISMATCH')
    if (known?.released) throw no('HOLD_RELEASED')
    if (known) return known
    const { tickets, totalClp } = allowed(step, nowMs)
    return give({ does: 'hold', id, body, showId: wish.showId, tickets, totalClp, atMs: nowMs, buyer: '' })
  }

  function sale(step: SaleStep, nowMs: number): Given {
    const { id, wish, buyer, pays } = step
    const body = `${bodyOf(wish)} ${buyer} ${pays}`
    const known = standing(id, body)
    if (known) return known
    const { tickets, totalClp } = allowed(step, nowMs)
    if (pays === 'wrong') throw no('PRICE_CHANGED', { quotedClp: totalClp, totalClp: 1 })
    limit(wish.showId, buyer, tickets)
    return give({ does: 'order', id, body, showId: wish.showId, tickets, totalClp, atMs: nowMs, buyer })
  }

  function order({ id, holdId, buyer, pays }: OrderStep, nowMs: number): Given {
    const body = `${holdId} ${buyer} ${pays}`
    const known = standing(id, body)
    if (known) return known
    if (given.some((one) => one.does === 'order' && one.holdId === holdId)) throw no('HOLD_SOLD')
    const its = find('hold', holdId)
    if (!its) throw no('HOLD_UNKNOWN')
    if (pays === 'wrong') throw no('PRICE_CHANGED', { quotedClp: its.totalClp, totalClp: 1 })
    mustBeFree(its.showId, its.tickets, nowMs, its)
    limit(its.showId, buyer, its.tickets)
    return give({ ...its, does: 'order', id, body, atMs: nowMs, buyer, holdId })
  }

  function standing(id: number, body: string): Given | undefined {
    if (voided.has(id)) throw no('ORDER_VOID')
    const known = find('order', id)
    if (known && known.body !== body) throw no('ORDER_MISMATCH')
    return known
  }

  /** Every rule for somebody who has no claim yet. */
  function allowed({ wish, found }: HoldStep | SaleStep, nowMs: number): { tickets: Ticket[]; totalClp: number } {
    const hall = HALLS.get(wish.showId)
    if (!hall) throw no('SHOW_UNKNOWN')
    const tickets = ticketsOf(wish, found.seatNos)
    if (!tickets) throw no('NOT_TOGETHER')
    const { row } = hall.show
    if (tickets.length > row.tickets_per_order_max) throw no('TOO_MANY_TICKETS', { max: row.tickets_per_order_max })
    const seatNos = tickets.flatMap(({ seatNo }) => seatNo ?? [])
    const seats = hall.rows.flat()
    const strangers = seatNos.filter((no) => !seats.some(({ seat_no }) => seat_no === no))
    if (strangers.length > 0) throw no('SEAT_UNKNOWN', { seatNos: strangers })
    for (const { zoneNo } of tickets) if (zoneNo && !hall.capacities.has(zoneNo)) throw no('ZONE_UNKNOWN', { zoneNo })
    const totalClp = priceOf(wish.showId, tickets)
    if (nowMs < row.sales_from.getTime() || nowMs >= row.sales_until.getTime()) throw no('NOT_ON_SALE')
    const alone = seats.filter(
      ({ seat_no, kind, accessible_no: its }) =>
        seatNos.includes(seat_no) && kind === 'companion' && !seatNos.includes(its!) && !isTaken(wish.showId, its!, nowMs)
    )
    if (alone.length > 0) throw no('COMPANION_ALONE', { seatNos: alone.map(({ seat_no }) => seat_no) })
    mustBeFree(wish.showId, tickets, nowMs)
    const taken = (seatNo: number) => isTaken(wish.showId, seatNo, nowMs)
    if ('best' in wish && !found.strands && slowOrphansMade(hall.rows, taken, seatNos).length > 0) throw no('ORPHAN_SEAT')
    if (!('best' in wish) && row.no_orphan_seats && slowAvoidableOrphans(hall.rows, taken, seatNos).length > 0) throw no('ORPHAN_SEAT')
    return { tickets, totalClp }
  }

  function mustBeFree(showId: number, tickets: Ticket[], nowMs: number, own?: Given): void {
    const taken = tickets.flatMap(({ seatNo }) => (seatNo && isTaken(showId, seatNo, nowMs, own) ? seatNo : []))
    if (taken.length > 0) throw no('SEAT_TAKEN', { seatNos: taken })
    for (const [zoneNo, capacity] of HALLS.get(showId)!.capacities) {
      const mine = tickets.filter((ticket) => ticket.zoneNo === zoneNo).length
      const free = capacity - claims(showId, nowMs, own).filter((ticket) => ticket.zoneNo === zoneNo).length
      if (mine > free) throw no('ZONE_FULL', { zoneNo, free })
    }
  }

  function isTaken(showId: number, seatNo: number, nowMs: number, own?: Given): boolean {
    return HALLS.get(showId)!.blocked.includes(seatNo) || claims(showId, nowMs, own).some((ticket) => ticket.seatNo === seatNo)
  }

  /** What somebody has, or holds and may still pay. */
  function claims(showId: number, nowMs: number, own?: Given): Ticket[] {
    const sold = new Set(given.filter(({ does }) => does === 'order').map(({ holdId }) => holdId))
    const alive = (one: Given) => one.does === 'order' || (!one.released && !sold.has(one.id) && one.atMs + HOLD_MS > nowMs)
    return given.filter((one) => one.showId === showId && one !== own && alive(one)).flatMap(({ tickets }) => tickets)
  }

  function limit(showId: number, buyer: string, tickets: Ticket[]): void {
    const max = HALLS.get(showId)!.show.row.tickets_per_buyer_max
    const theirs = given.filter((one) => one.does === 'order' && one.showId === showId && personOf(one.buyer) === personOf(buyer))
    const has = theirs.reduce((sum, one) => sum + one.tickets.length, 0)
    if (max !== null && has + tickets.length > max) throw no('BUYER_LIMIT', { max, has })
  }

  function find(does: Given['does'], id: number): Given | undefined {
    return given.find((one) => one.does === does && one.id === id)
  }

  function give(one: Given): Given {
    given.push(one)
    return one
  }

  function release(id: number): void {
    const its = find('hold', id)
    if (its && !given.some((one) => one.does === 'order' && one.holdId === id)) its.released = true
  }

  function voidOrder(id: number): void {
    if (!find('order', id)) voided.add(id)
  }
}

/** Others may yet be found for it. */
function isStale({ wish }: HoldStep | SaleStep, { no }: No): boolean {
  return 'best' in wish && (no === 'SEAT_TAKEN' || no === 'ORPHAN_SEAT')
}
