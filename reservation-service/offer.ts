import type { Tx } from '../chassis/postgres.ts'
import type { Line, Priced } from '../contracts/values.ts'
import type { Chosen } from './choice.ts'
import type { LockedZone } from './stock.ts'

/** What never changes about a show once it is made; read without a lock. */
export interface ShowRow {
  show_id: number
  code: string
  plan_id: number
  title: string
  venue: string
  address: string
  city: string
  starts_at: Date
  doors_at: Date | null
  time_zone: string
  sales_from: Date
  sales_until: Date
  service_fee_per_ticket_clp: number
}

/** A seat of the plan that this show sells, with its price. */
export interface OfferedSeat {
  seat_no: number
  section: string
  row_label: string
  seat_label: string
  category: string
  price_clp: number
}

export interface Offer {
  show: ShowRow
  seats: OfferedSeat[]
}

/** @returns The show with those of the chosen seats that it sells, ascending; undefined when there is no such show. */
export async function findOffer(tx: Tx, { showId, seatNos }: Chosen): Promise<Offer | undefined> {
  const { rows } = await tx.query<ShowRow>({
    name: 'find-show',
    text: `select show_id, code, plan_id, title, venue, address, city, starts_at, doors_at, time_zone,
                  sales_from, sales_until, service_fee_per_ticket_clp
           from selling.shows
           where show_id = $1`,
    values: [showId]
  })
  const [show] = rows
  return show && { show, seats: seatNos.length > 0 ? await findSeats(tx, show, seatNos) : [] }
}

async function findSeats(tx: Tx, { show_id: showId, plan_id: planId }: ShowRow, seatNos: number[]): Promise<OfferedSeat[]> {
  const { rows } = await tx.query<OfferedSeat>({
    name: 'find-offered-seats',
    text: `select t.seat_no, c.name as section, t.row_label, t.seat_label, t.category, p.price_clp
           from selling.plan_seats t
           join selling.plan_sections c on c.plan_id = t.plan_id and c.section_no = t.section_no
           join selling.show_prices p on p.show_id = $1 and p.category = t.category
           where t.plan_id = $2 and t.seat_no = any($3)
           order by t.seat_no`,
    values: [showId, planId, seatNos]
  })
  return rows
}

/** The ticket type of a place without a number. A numbered seat's is its category. */
const GENERAL = 'General'

/** One line per ticket, seats first, priced by the show and never by the caller; the service fee is an amount of its own. */
export function priceOf({ show, seats }: Offer, zones: LockedZone[], { zoneNos, quantities }: Chosen): Priced {
  const seatLines = seats.map((seat) => ({
    seatNo: seat.seat_no,
    section: seat.section,
    row: seat.row_label,
    seat: seat.seat_label,
    ticketType: seat.category,
    priceClp: seat.price_clp
  }))
  const placeLines = zones.flatMap(({ zone_no: zoneNo, name: section, price_clp: priceClp }) =>
    Array.from({ length: quantities[zoneNos.indexOf(zoneNo)]! }, () => ({
      zoneNo,
      section,
      row: '',
      seat: '',
      ticketType: GENERAL,
      priceClp
    }))
  )
  const lines: Line[] = [...seatLines, ...placeLines].map((line, i) => ({ lineNo: i + 1, ...line }))
  const serviceFeeClp = show.service_fee_per_ticket_clp * lines.length
  return { lines, serviceFeeClp, totalClp: lines.reduce((sum, { priceClp }) => sum + priceClp, serviceFeeClp) }
}
