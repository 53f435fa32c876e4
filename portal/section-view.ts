import { SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import type { Seat, Section, Show } from './catalogue.ts'
import { momentOf } from './dates.ts'
import { boxAround, colorOf, inkOn, round } from './drawing.ts'
import type { Seen } from './fresh.ts'
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

interface SeatMapView {
  label: string
  viewBox: string
  width: number
  height: number
  radius: number
  groups: Array<{ color: string; ink: string; seats: Array<{ seatNo: number; x: number; y: number }> }>
  taken: Array<{ x: number; y: number }>
  rowNames: Array<{ name: string; x: number; y: number }>
}

/** The free seats of one row that cost the same: one fieldset of the form. */
interface RowView {
  name: string
  price: string
  priceClp: number
  seats: Array<{ seatNo: number; label: string; chosen: boolean }>
}

/** A finger needs this much from seat to seat; the map scrolls when it gets wider than the page. */
const SEAT_PITCH_PX = 30
const MARGIN_SEATS = 2.2
const RADIUS_SHARE = 0.4

/**
 * @param purchaseId - New for every page, so that a form sent twice is one purchase.
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

function seatMapView(words: Words, show: Show, section: Section, seats: Seat[]): SeatMapView {
  const box = boxAround(seats)
  const pitch = pitchOf(seats)
  const margin = pitch * MARGIN_SEATS
  const [width, height] = [box.right - box.left + 2 * margin, box.bottom - box.top + 2 * margin]
  const scale = SEAT_PITCH_PX / pitch
  const free = Map.groupBy(
    seats.filter((seat) => seat.free),
    ({ category }) => category
  )
  const colors = new Map(show.prices.map(({ category, color }) => [category, colorOf(color)]))
  return {
    label: words.section.mapLabel(section.name),
    viewBox: [box.left - margin, box.top - margin, width, height].map(round).join(' '),
    width: Math.ceil(width * scale),
    height: Math.ceil(height * scale),
    radius: round(pitch * RADIUS_SHARE),
    groups: [...free].map(([category, members]) => {
      const color = colors.get(category) ?? colorOf(section.color)
      return { color, ink: inkOn(color), seats: members.map(({ seatNo, x, y }) => ({ seatNo, x: round(x), y: round(y) })) }
    }),
    taken: seats.filter((seat) => !seat.free).map(({ x, y }) => ({ x: round(x), y: round(y) })),
    rowNames: rowNames(seats, pitch)
  }
}

/** At both ends of every row, one seat away from the last seat, in the direction the row runs. */
function rowNames(seats: Seat[], pitch: number): SeatMapView['rowNames'] {
  return [...Map.groupBy(seats, ({ row }) => row)].flatMap(([name, row]) => {
    const [first, last] = [row[0]!, row.at(-1)!]
    const length = Math.hypot(last.x - first.x, last.y - first.y) || 1
    const [dx, dy] = [((last.x - first.x) / length) * pitch, ((last.y - first.y) / length) * pitch]
    const before = { name, x: round(first.x - dx * 1.1), y: round(first.y - dy * 1.1) }
    return row.length < 2 ? [] : [before, { name, x: round(last.x + dx * 1.1), y: round(last.y + dy * 1.1) }]
  })
}

/** The distance between neighbours in a row; plans have no unit. */
function pitchOf(seats: Seat[]): number {
  const gaps = seats
    .slice(1)
    .flatMap((seat, i) => (seat.row === seats[i]!.row ? [Math.hypot(seat.x - seats[i]!.x, seat.y - seats[i]!.y)] : []))
    .filter((gap) => gap > 0)
    .sort((a, b) => a - b)
  return gaps[Math.floor(gaps.length / 4)] ?? 12
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
