import type { ListedShow } from './catalogue.ts'
import { dateBlockOf, dayOf, timeOf } from './dates.ts'
import type { Seen } from './fresh.ts'
import { type PosterView, posterView } from './poster.ts'
import { type SaleState, saleWords } from './sale-state.ts'
import type { Words } from './words.ts'

export interface CatalogueView {
  seen: string
  shows: CardView[]
}

interface CardView {
  href: string
  id: string
  title: string
  genre: string
  venue: string
  when: string
  day: string
  month: string
  weekday: string
  price: string
  state: SaleState
  stateText: string
  poster: PosterView
}

export function catalogueView(words: Words, { value: shows, ageSeconds }: Seen<ListedShow[]>, now: Date): CatalogueView {
  return { seen: words.seenAgo(ageSeconds), shows: shows.map((show) => cardView(words, show, now)) }
}

function cardView(words: Words, show: ListedShow, now: Date): CardView {
  const { state, text } = saleWords(words, show, now)
  return {
    href: `/funciones/${show.code}`,
    id: `funcion-${show.code}`,
    title: show.title,
    genre: show.genre,
    venue: `${show.venue}, ${show.city}`,
    when: `${dayOf(words, show.startsAt, show.timeZone)}, ${timeOf(words, show.startsAt, show.timeZone)}`,
    ...dateBlockOf(words, show.startsAt, show.timeZone),
    price: show.priceToClp === 0 ? words.catalogue.states.free : words.from(show.priceFromClp),
    state,
    stateText: text,
    poster: posterView(show.code)
  }
}
