import { type BestView, bestView } from './best-view.ts'
import type { Price, Section, Show } from './catalogue.ts'
import { dayOf, momentOf, timeOf } from './dates.ts'
import { colorOf, type Point } from './drawing.ts'
import type { Seen } from './fresh.ts'
import { type PosterView, posterView } from './poster.ts'
import { type SaleState, saleWords, sells } from './sale-state.ts'
import { typesFor } from './ticket-types.ts'
import { type VenueMapView, venueMapView } from './venue-map.ts'
import type { Words } from './words.ts'
import { type ZoneView, zonesView } from './zones-view.ts'

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
  /** How many tickets one purchase, and one person, may have. */
  limits: string[]
  state: SaleState
  stateText: string
  /** Why nothing can be bought now; empty while it can. */
  closed: string
  seen: string
  poster: PosterView
  /** undefined where there are no numbered seats to be had. */
  best: BestView | undefined
  map: VenueMapView | undefined
  groups: SectionGroup[]
  zones: ZoneView[]
  form: { purchaseId: string; showId: number }
}

/** Sections that cost the same. */
interface SectionGroup {
  name: string
  price: string
  /** What the types cost here; empty where a ticket is a ticket. */
  types: string[]
  color: string
  sections: Array<{ sectionNo: number; name: string; href: string; free: string; open: boolean }>
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
    limits: limitsOf(words, show),
    state,
    stateText: text,
    closed: closedWords(words, show, state),
    seen: words.seenAgo(ageSeconds),
    poster: posterView(show.code),
    best: sells(state) ? bestView(words, show) : undefined,
    map: drawn ? venueMapView(words, show, outlines) : undefined,
    groups: groupsOf(words, show, sells(state)),
    zones: zonesView(words, show, sells(state)),
    form: { purchaseId, showId: show.showId }
  }
}

function limitsOf(words: Words, { ticketsPerOrderMax, ticketsPerBuyerMax }: Show): string[] {
  return [words.show.limit(ticketsPerOrderMax), ...(ticketsPerBuyerMax === null ? [] : [words.show.limitPerBuyer(ticketsPerBuyerMax)])]
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
        types: category ? typesIn(words, show, category) : [],
        color: colorOf(color),
        sections: sections.map((section) => linkOf(words, show.code, section, selling))
      }
    })
}

/** What is less than the full price, which is said already. */
function typesIn(words: Words, { ticketTypes }: Show, { typesClp }: Price): string[] {
  return typesFor(words, ticketTypes, typesClp)
    .slice(1)
    .map(({ name, price }) => words.section.typePrice(name, price))
}

function linkOf(words: Words, showCode: string, { sectionNo, name, free }: Section, selling: boolean): SectionGroup['sections'][number] {
  return { sectionNo, name, href: `/funciones/${showCode}/sectores/${sectionNo}`, free: words.freeOf(free), open: selling && free > 0 }
}
