import type { Line, Priced } from '../contracts/values.ts'
import { type Chosen, ticketsOf } from './choice.ts'
import type { Show } from './read-show.ts'
import { refuse } from './refusals.ts'

/** The ticket type of a place without a number, in a show that has no types. A numbered seat's is its category. */
const GENERAL = 'General'

/**
 * One line per ticket, seats first, priced by the show and never by the caller; the service fee is an amount of its own.
 *
 * @param chosen - Only seats and zones that the show has.
 * @throws Refusal `TICKET_TYPE_UNKNOWN` when a type is not sold there.
 */
export function priceOf(show: Show, chosen: Chosen): Priced {
  const tickets = [...seatsIn(show, chosen), ...placesIn(show, chosen)]
  const lines = tickets.map(({ pricesClp, plain, ...ticket }, i): Line => {
    const typeNo = chosen.typeNos[i] ?? 1
    const priceClp = pricesClp[typeNo]
    if (priceClp === undefined)
      throw refuse('TICKET_TYPE_UNKNOWN', { typeNo, ...(ticket.seatNo ? { seatNo: ticket.seatNo } : { zoneNo: ticket.zoneNo }) })
    return { lineNo: i + 1, ...ticket, ticketType: show.types[typeNo - 1] ?? plain, priceClp }
  })
  const serviceFeeClp = show.row.service_fee_per_ticket_clp * ticketsOf(chosen)
  return { lines, serviceFeeClp, totalClp: lines.reduce((sum, { priceClp }) => sum + priceClp, serviceFeeClp) }
}

interface Ticket {
  seatNo?: number
  zoneNo?: number
  section: string
  row: string
  seat: string
  plain: string
  pricesClp: Array<number | undefined>
}

function seatsIn({ seats, pricesClp }: Show, { seatNos }: Chosen): Ticket[] {
  return seatNos.map((seatNo) => {
    const { section, row_label: row, seat_label: seat, category } = seats.get(seatNo)!
    return { seatNo, section, row, seat, plain: category, pricesClp: pricesClp.get(category)! }
  })
}

function placesIn({ zones }: Show, { zoneNos, quantities }: Chosen): Ticket[] {
  return zoneNos.flatMap((zoneNo, i) => {
    const { name: section, pricesClp } = zones.get(zoneNo)!
    return Array.from({ length: quantities[i]! }, () => ({ zoneNo, section, row: '', seat: '', plain: GENERAL, pricesClp }))
  })
}
