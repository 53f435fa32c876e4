import type { Words } from './words.ts'
import { PURCHASE_EN } from './words-en-purchase.ts'

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

  show: {
    when: 'When',
    doors: (time) => `Doors from ${time}`,
    where: 'Where',
    sale: 'Sale',
    saleUntil: (moment) => `Until ${moment}`,
    fee: 'Service fee',
    feePerTicket: (fee) => `${fee} per ticket`,
    noFee: 'No service fee',
    mapHeading: 'Choose a section',
    mapHint: 'Tap a section on the map or choose it in the list.',
    mapLabel: (venue) => `Map of ${venue}`,
    listHeading: 'Sections and prices',
    sector: 'Section',
    price: 'Price',
    free: 'Available',
    choose: 'Choose seats',
    zonesHeading: 'General admission',
    zonesHint: 'Without a numbered seat.',
    quantity: (zone) => `Quantity for ${zone}`,
    hold: 'Hold for 10 minutes',
    limit: (max) => `Up to ${max} tickets per purchase.`,
    notOnSale: {
      soon: (moment) => `The sale begins on ${moment}. Come back to this page then.`,
      over: 'The sale for this show is over.',
      soldOut: 'All tickets are sold. If somebody lets go of a hold, it appears here.'
    },
    legend: 'Prices by category'
  },

  section: {
    back: 'Back to the map',
    heading: (section) => `Seats in ${section}`,
    mapLabel: (section) => `Seat map of ${section}`,
    mapHint: 'Tap the seats you want. With the keyboard: arrows to move, space to choose.',
    front: 'Front',
    zoom: 'Size of the map',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    listHeading: 'Choose by row',
    row: (row) => `Row ${row}`,
    seat: (seat) => `Seat ${seat}`,
    rowPrice: (category, price) => `${category}, ${price}`,
    taken: 'Taken',
    chosen: 'Chosen',
    free: 'Free',
    noneFree: 'This section is sold out.',
    summary: 'Your choice',
    noneChosen: 'No seats chosen yet.',
    total: 'Total with service fee',
    hold: 'Hold for 10 minutes',
    limit: (max) => `You can choose up to ${max} seats per purchase.`,
    limitReached: (max) => `You have chosen ${max} seats, the most for one purchase.`,
    carried: 'We kept the seats that were still free.'
  },

  ...PURCHASE_EN
}
