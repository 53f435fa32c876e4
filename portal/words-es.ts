import { CHOOSING_ES } from './words-es-choosing.ts'
import { LIVE_ES } from './words-es-live.ts'
import { PURCHASE_ES } from './words-es-purchase.ts'
import { REFUSALS_ES } from './words-es-refusals.ts'

const LIST = new Intl.ListFormat('es', { type: 'conjunction' })
const NUMBER = new Intl.NumberFormat('es-CL', { useGrouping: true, minimumIntegerDigits: 1 })

/** With points from four digits on, which the language alone would leave out. */
const grouped = (value: number) => NUMBER.format(value).replace(/^(\d)(\d{3})$/, '$1.$2')
const money = (clp: number) => (clp === 0 ? 'Gratis' : `$\u00a0${grouped(clp)}`)
const plural = (n: number, one: string, many: string) => `${grouped(n)}\u00a0${n === 1 ? one : many}`

export const ES = {
  language: 'es' as 'es' | 'en',
  locale: 'es-CL',
  money,
  amount: (clp: number) => `$\u00a0${grouped(clp)}`,
  priceRange: (from: number, to: number) => (from === to ? money(from) : `${money(from)} a ${money(to)}`),
  from: (clp: number) => (clp === 0 ? 'Gratis' : `Desde ${money(clp)}`),
  dayOf: (weekday: string, day: string, month: string, year: string) => `${weekday} ${day} de ${month} de ${year}`,
  shortDayOf: (day: string, month: string) => `${day} de ${month}`,
  timeOf: (time: string) => `${time}\u00a0h`,
  seenAgo: (seconds: number) =>
    Number.isFinite(seconds) ? `Disponibilidad vista hace ${Math.max(0, seconds)} s` : 'Disponibilidad sin hora conocida',
  freeOf: (free: number) => (free === 0 ? 'agotado' : plural(free, 'libre', 'libres')),
  tickets: (n: number) => plural(n, 'entrada', 'entradas'),
  seats: (n: number) => plural(n, 'asiento', 'asientos'),
  soldOut: 'Agotado',
  place: (section: string, row: string, seat: string) => (row || seat ? `${section}, fila\u00a0${row}, asiento\u00a0${seat}` : section),
  /** Seats of one row. */
  placeOf: (section: string, row: string, seats: string[]) =>
    `${section}, fila\u00a0${row}, ${seats.length === 1 ? 'asiento' : 'asientos'}\u00a0${LIST.format(seats)}`,

  frame: {
    site: 'TicketFlow',
    tagline: 'Entradas para lo que viene',
    skip: 'Ir al contenido',
    catalogue: 'Cartelera',
    myTickets: 'Mis entradas',
    terms: 'Términos',
    privacy: 'Privacidad',
    otherLanguage: 'English',
    otherLanguageLabel: 'See this page in English',
    footer: 'Cada asiento se vende una sola vez. Cada compra termina en sus entradas y su boleta.',
    navLabel: 'Principal',
    footerLabel: 'Información'
  },

  catalogue: {
    title: 'Cartelera',
    heading: 'Próximas funciones',
    lead: 'Elige tu asiento en el plano, paga y recibe tus entradas por correo.',
    empty: 'Por ahora no hay funciones. Vuelve pronto.',
    states: {
      onSale: 'En venta',
      few: 'Últimas entradas',
      soldOut: 'Agotado',
      soon: (day: string) => `En venta desde el ${day}`,
      over: 'Venta terminada',
      free: 'Entrada liberada'
    }
  },

  ...CHOOSING_ES,
  ...LIVE_ES,
  ...PURCHASE_ES,
  ...REFUSALS_ES
}
