import type { Section, Show } from './catalogue.ts'
import { momentOf } from './dates.ts'
import { colorOf } from './drawing.ts'
import type { Seen } from './fresh.ts'
import { type SeatMapView, seatMapView } from './seat-map.ts'
import type { Seat, SeatKind } from './seats.ts'
import { type TypePrices, typesFor } from './ticket-types.ts'
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
  prices: Array<{ text: string; types: string[]; color: string }>
  /** Kinds of free seats that are not like the others. */
  kinds: Array<Exclude<SeatKind, 'standard'>>
}

interface FormView {
  purchaseId: string
  showId: number
  showCode: string
  sectionNo: number
  max: number
  feePerTicketClp: number
  /** Names, the full price first; empty where a ticket is a ticket. */
  types: string[]
  limit: string
  limitReached: string
}

/** The free seats of one row that cost the same: one fieldset of the form. */
interface RowView {
  name: string
  price: string
  priceClp: number
  typesClp: TypePrices
  seats: Array<{ seatNo: number; label: string; kind: SeatKind; accessibleNo: number | null; chosen: boolean; typeNo: number }>
}

/**
 * @param purchaseId - New for every page, so that a form sent twice is one purchase; signed, as the form carries it.
 * @param wanted - Seats to mark from the start, where they are still free, each with its ticket type.
 */
export function sectionView(
  words: Words,
  { show, section, seen }: { show: Show; section: Section; seen: Seen<Seat[]> },
  purchaseId: string,
  wanted: ReadonlyMap<number, number>
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
      max: show.ticketsPerOrderMax,
      feePerTicketClp: show.feePerTicketClp,
      types: show.ticketTypes,
      limit: words.section.limit(show.ticketsPerOrderMax),
      limitReached: words.section.limitReached(show.ticketsPerOrderMax)
    },
    map: seatMapView(words, show, section, seats),
    rows: rowsOf(words, show, seats, wanted),
    prices: pricesOf(words, show, seats),
    kinds: (['accessible', 'companion'] as const).filter((kind) => seats.some((seat) => seat.free && seat.kind === kind))
  }
}

function rowsOf(words: Words, show: Show, seats: Seat[], wanted: ReadonlyMap<number, number>): RowView[] {
  const free = seats.filter((seat) => seat.free)
  return [...Map.groupBy(free, ({ row, category, priceClp }) => `${row}\n${category}\n${priceClp}`).values()].map((group) => {
    const { row, category, priceClp } = group[0]!
    return {
      name: words.section.row(row),
      price: words.section.rowPrice(category, words.money(priceClp)),
      priceClp,
      typesClp: show.ticketTypes.length > 0 ? (show.prices.find((price) => price.category === category)?.typesClp ?? []) : [],
      seats: group.map(({ seatNo, label, kind, accessibleNo }) => {
        const typeNo = wanted.get(seatNo)
        return { seatNo, label, kind, accessibleNo, chosen: typeNo !== undefined, typeNo: typeNo ?? 1 }
      })
    }
  })
}

function pricesOf(words: Words, show: Show, seats: Seat[]): SectionView['prices'] {
  const { rowPrice, typePrice } = words.section
  return show.prices
    .filter(({ category }) => seats.some((seat) => seat.category === category))
    .map(({ category, priceClp, typesClp, color }) => {
      const types = typesFor(words, show.ticketTypes, typesClp).map(({ name, price }) => typePrice(name, price))
      return { text: types.length > 0 ? category : rowPrice(category, words.money(priceClp)), types, color: colorOf(color) }
    })
}
