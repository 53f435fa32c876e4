import type { Words } from './words.ts'
import { CHOOSING_EN } from './words-en-choosing.ts'
import { LIVE_EN } from './words-en-live.ts'
import { PURCHASE_EN } from './words-en-purchase.ts'
import { REFUSALS_EN } from './words-en-refusals.ts'

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const NUMBER = new Intl.NumberFormat('en')
const amount = (clp: number) => `CLP\u00a0${NUMBER.format(clp)}`
const money = (clp: number) => (clp === 0 ? 'Free' : amount(clp))
const plural = (n: number, one: string, many: string) => `${NUMBER.format(n)}\u00a0${n === 1 ? one : many}`

export const EN: Words = {
  language: 'en',
  locale: 'en-GB',
  money,
  amount,
  priceRange: (from, to) => (from === to ? money(from) : `${money(from)} to ${money(to)}`),
  from: (clp) => (clp === 0 ? 'Free' : `From ${money(clp)}`),
  dayOf: (weekday, day, month, year) => `${weekday} ${day} ${month} ${year}`,
  shortDayOf: (day, month) => `${day} ${month}`,
  timeOf: (time) => time,
  seenAgo: (seconds) => (Number.isFinite(seconds) ? `Availability seen ${Math.max(0, seconds)} s ago` : 'Availability of unknown age'),
  freeOf: (free) => (free === 0 ? 'sold out' : `${NUMBER.format(free)}\u00a0free`),
  tickets: (n) => plural(n, 'ticket', 'tickets'),
  seats: (n) => plural(n, 'seat', 'seats'),
  soldOut: 'Sold out',
  place: (section, row, seat) => (row || seat ? `${section}, row\u00a0${row}, seat\u00a0${seat}` : section),
  placeOf: (section, row, seats) => `${section}, row\u00a0${row}, ${seats.length === 1 ? 'seat' : 'seats'}\u00a0${LIST.format(seats)}`,

  frame: {
    site: 'TicketFlow',
    tagline: 'Tickets for what comes next',
    skip: 'Skip to content',
    catalogue: 'Shows',
    myTickets: 'My tickets',
    terms: 'Terms',
    privacy: 'Privacy',
    otherLanguage: 'Español',
    otherLanguageLabel: 'Ver esta página en español',
    footer: 'Every seat is sold once. Every purchase ends in its tickets and its receipt.',
    navLabel: 'Main',
    footerLabel: 'Information'
  },

  catalogue: {
    title: 'Shows',
    heading: 'Coming shows',
    lead: 'Choose your seat on the map, pay, and get your tickets by mail.',
    empty: 'There are no shows for now. Come back soon.',
    states: {
      onSale: 'On sale',
      few: 'Last tickets',
      soldOut: 'Sold out',
      soon: (day) => `On sale from ${day}`,
      over: 'Sale over',
      free: 'Free admission'
    }
  },

  ...CHOOSING_EN,
  ...LIVE_EN,
  ...PURCHASE_EN,
  ...REFUSALS_EN
}
