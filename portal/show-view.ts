import { SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import type { Section, Show, Zone } from './catalogue.ts'
import { dayOf, momentOf, timeOf } from './dates.ts'
import { colorOf, type Point } from './drawing.ts'
import type { Seen } from './fresh.ts'
import { type PosterView, posterView } from './poster.ts'
import { type SaleState, saleWords, sells } from './sale-state.ts'
import { type VenueMapView, venueMapView } from './venue-map.ts'
import type { Words } from './words.ts'

export interface ShowView {
  code: string
  title: string
  genre: string
  description: string
  day: string
  time: string
  doors: string
  venue: string
  address: string
  price: string
  fee: string
  state: SaleState
  stateText: string
  /** Why nothing can be bought now; empty while it can. */
  closed: string
  seen: string
  poster: PosterView
  map: VenueMapView | undefined
  groups: SectionGroup[]
  zones: ZoneView[]
  form: { purchaseId: string; showId: number; limit: string }
}

/** Sections that cost the same. */
interface SectionGroup {
  name: string
  price: string
  color: string
  sections: Array<{ name: string; href: string; free: string; open: boolean }>
}

interface ZoneView {
  zoneNo: number
  name: string
  price: string
  free: string
  quantityLabel: string
  quantities: number[]
}

/**
 * @param purchaseId - New for every page, so that a form sent twice is one purchase; signed, as the form carries it.
 */
export function showView(words: Words, seen: Seen<Show>, outlines: Map<number, Point[]>, purchaseId: string, now: Date): ShowView {
  const { value: show, ageSeconds } = seen
  const { state, text } = saleWords(words, show, now)
  const drawn = show.sections.length > 0 || show.zones.some(({ name }) => show.shapes.some(({ section }) => section === name))
  return {
    code: show.code,
    title: show.title,
    genre: show.genre,
    description: words.language === 'es' ? show.descriptionEs : show.descriptionEn,
    day: dayOf(words, show.startsAt, show.timeZone),
    time: timeOf(words, show.startsAt, show.timeZone),
    doors: show.doorsAt ? words.show.doors(timeOf(words, show.doorsAt, show.timeZone)) : '',
    venue: show.venue,
    address: `${show.address}, ${show.city}`,
    price: words.priceRange(show.priceFromClp, show.priceToClp),
    fee: show.feePerTicketClp === 0 ? words.show.noFee : words.show.feePerTicket(words.money(show.feePerTicketClp)),
    state,
    stateText: text,
    closed: closedWords(words, show, state),
    seen: words.seenAgo(ageSeconds),
    poster: posterView(show.code),
    map: drawn ? venueMapView(words, show, outlines) : undefined,
    groups: groupsOf(words, show, sells(state)),
    zones: show.zones.map((zone) => zoneView(words, zone, sells(state))),
    form: { purchaseId, showId: show.showId, limit: words.show.limit(SEATS_PER_ORDER_MAX) }
  }
}

function closedWords(words: Words, show: Show, state: SaleState): string {
  const { soon, over, soldOut } = words.show.notOnSale
  if (state === 'soon') return soon(momentOf(words, show.salesFrom, show.timeZone))
  return state === 'over' ? over : state === 'soldOut' ? soldOut : ''
}

function groupsOf(words: Words, show: Show, selling: boolean): SectionGroup[] {
  const alike = Map.groupBy(show.sections, ({ color, priceFromClp, priceToClp }) => `${color} ${priceFromClp} ${priceToClp}`)
  return [...alike.values()]
    .sort(([a], [b]) => b!.priceToClp - a!.priceToClp)
    .map((sections) => {
      const { color, priceFromClp, priceToClp } = sections[0]!
      const category = show.prices.find((price) => price.color === color && price.priceClp === priceFromClp && priceFromClp === priceToClp)
      return {
        name: category?.category ?? '',
        price: words.priceRange(priceFromClp, priceToClp),
        color: colorOf(color),
        sections: sections.map((section) => linkOf(words, show.code, section, selling))
      }
    })
}

function linkOf(words: Words, showCode: string, { sectionNo, name, free }: Section, selling: boolean): SectionGroup['sections'][number] {
  return { name, href: `/funciones/${showCode}/sectores/${sectionNo}`, free: words.freeOf(free), open: selling && free > 0 }
}

function zoneView(words: Words, zone: Zone, selling: boolean): ZoneView {
  const most = selling ? Math.min(SEATS_PER_ORDER_MAX, zone.free) : 0
  return {
    zoneNo: zone.zoneNo,
    name: zone.name,
    price: words.money(zone.priceClp),
    free: words.freeOf(zone.free),
    quantityLabel: words.show.quantity(zone.name),
    quantities: Array.from({ length: most + 1 }, (_, quantity) => quantity)
  }
}
