import type { Wish } from '../contracts/values.ts'
import { BEGAN, HALLS, HOLD_MS } from './given-halls.ts'

/** For tests: what the slow seller remembers of a hold or an order that it gave. */
export interface Given {
  does: 'hold' | 'order'
  id: number
  body: string
  showId: number
  tickets: Ticket[]
  totalClp: number
  atMs: number
  buyer: string
  holdId?: number | undefined
  released?: boolean
}

export interface Ticket {
  seatNo?: number
  zoneNo?: number
  typeNo: number
}

/** What the slow seller throws: a rule said no. Of its parameters it knows those that say something. */
export interface No {
  no: string
  params: Record<string, unknown>
}

export function no(code: string, params: Record<string, unknown> = {}): No {
  return { no: code, params }
}

export function isNo(err: unknown): err is No {
  return typeof err === 'object' && err !== null && 'no' in err
}

/** One after the other, seats first. @returns Nothing when too few were found. */
export function ticketsOf(wish: Wish, found: number[]): Ticket[] | undefined {
  if ('best' in wish) return found.length < wish.best.quantity ? undefined : seatTickets(found.slice(0, wish.best.quantity))
  const places = wish.places.flatMap(({ zoneNo, quantity, typeNo = 1 }) => Array.from({ length: quantity }, () => ({ zoneNo, typeNo })))
  return [...seatTickets(wish.seatNos, wish.typeNos), ...places.sort((a, b) => a.zoneNo - b.zoneNo || a.typeNo - b.typeNo)]
}

function seatTickets(seatNos: number[], typeNos: number[] = []): Ticket[] {
  return seatNos.map((seatNo, i) => ({ seatNo, typeNo: typeNos[i] ?? 1 })).sort((a, b) => a.seatNo - b.seatNo)
}

export function bodyOf(wish: Wish): string {
  return JSON.stringify([wish.showId, 'best' in wish ? wish.best : ticketsOf(wish, [])])
}

/** Two addresses of one mailbox are one person. */
export function personOf(email: string): string {
  return email.toLowerCase().replace('+dos', '')
}

export function priceOf(showId: number, tickets: Ticket[]): number {
  const feeClp = HALLS.get(showId)!.show.row.service_fee_per_ticket_clp
  return tickets.reduce((sum, ticket) => sum + lineOf(showId, ticket).priceClp + feeClp, 0)
}

function lineOf(showId: number, { typeNo, ...where }: Ticket) {
  const { show, rows } = HALLS.get(showId)!
  const category = rows.flat().find(({ seat_no }) => seat_no === where.seatNo)?.category
  const pricesClp = category ? show.pricesClp.get(category)! : show.zones.get(where.zoneNo!)!.pricesClp
  const priceClp = pricesClp[typeNo]
  if (priceClp === undefined) throw no('TICKET_TYPE_UNKNOWN', { typeNo, ...where })
  return { ...where, ticketType: show.types[typeNo - 1] ?? category ?? 'General', priceClp }
}

/** What its buyer is told, whenever they ask. */
export function told({ does, id, showId, tickets, totalClp, atMs }: Given) {
  const ms = does === 'hold' ? atMs + HOLD_MS : atMs
  return { does, id, showId, lines: tickets.map((ticket) => lineOf(showId, ticket)), totalClp, seconds: (ms - BEGAN) / 1_000 }
}
