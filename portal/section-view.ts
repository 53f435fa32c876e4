import { SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import type { Seat, Section, Show } from './catalogue.ts'
import { momentOf } from './dates.ts'
import { colorOf } from './drawing.ts'
import type { Seen } from './fresh.ts'
import { type SeatMapView, seatMapView } from './seat-map.ts'
import type { Words } from './words.ts'

export interface SectionView {
  title: string
  showTitle: string
  showHref: string
  when: string
  seen: string
  carried: string
  form: FormView
  map: SeatMapView
  rows: RowView[]
  prices: Array<{ text: string; color: string }>
}

interface FormView {
  purchaseId: string
  showId: number
  showCode: string
  sectionNo: number
  max: number
  feePerTicketClp: number
  limit: string
  limitReached: string
}

/** The free seats of one row that cost the same: one fieldset of the form. */
interface RowView {
  name: string
  price: string
  priceClp: number
  seats: Array<{ seatNo: number; label: string; chosen: boolean }>
}

/**
 * @param purchaseId - New for every page, so that a form sent twice is one purchase; signed, as the form carries it.
 * @param wanted - Seats to mark from the start, where they are still free.
 */
export function sectionView(
  words: Words,
  { show, section, seen }: { show: Show; section: Section; seen: Seen<Seat[]> },
  purchaseId: string,
  wanted: ReadonlySet<number>
): SectionView {
  const { value: seats, ageSeconds } = seen
  const kept = seats.filter(({ seatNo, free }) => free && wanted.has(seatNo)).length
  return {
    title: words.section.heading(section.name),
    showTitle: show.title,
    showHref: `/funciones/${show.code}`,
    when: `${momentOf(words, show.startsAt, show.timeZone)} · ${show.venue}`,
    seen: words.seenAgo(ageSeconds),
    carried: kept > 0 ? words.section.carried : '',
    form: {
      purchaseId,
      showId: show.showId,
      showCode: show.code,
      sectionNo: section.sectionNo,
      max: SEATS_PER_ORDER_MAX,
      feePerTicketClp: show.feePerTicketClp,
      limit: words.section.limit(SEATS_PER_ORDER_MAX),
      limitReached: words.section.limitReached(SEATS_PER_ORDER_MAX)
    },
    map: seatMapView(words, show, section, seats),
    rows: rowsOf(words, seats, wanted),
    prices: show.prices
      .filter(({ category }) => seats.some((seat) => seat.category === category))
      .map(({ category, priceClp, color }) => ({ text: words.section.rowPrice(category, words.money(priceClp)), color: colorOf(color) }))
  }
}

function rowsOf(words: Words, seats: Seat[], wanted: ReadonlySet<number>): RowView[] {
  const free = seats.filter((seat) => seat.free)
  return [...Map.groupBy(free, ({ row, category, priceClp }) => `${row}\n${category}\n${priceClp}`).values()].map((group) => {
    const { row, category, priceClp } = group[0]!
    return {
      name: words.section.row(row),
      price: words.section.rowPrice(category, words.money(priceClp)),
      priceClp,
      seats: group.map(({ seatNo, label }) => ({ seatNo, label, chosen: wanted.has(seatNo) }))
    }
  })
}
