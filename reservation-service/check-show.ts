import type { ShowRequest } from '../contracts/selling.ts'
import { SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import { refuse } from './refusals.ts'

/** A full order of the dearest ticket still fits into the whole pesos of every column and contract. */
const TICKET_CLP_MAX = 2_000_000_000 / SEATS_PER_ORDER_MAX
const [YEAR_MIN, YEAR_MAX] = [2_000, 2_200]
/** As far as a plan reaches. */
const FOCUS_PX_MAX = 1_000_000

/** Pure. @throws Refusal `SHOW_INVALID` with the place and the reason. */
export function checkShow(show: ShowRequest): void {
  checkTimes(show)
  checkPrices(show)
  checkTypes(show)
  checkSeats(show)
  checkTexts(show)
}

function checkTimes(show: ShowRequest): void {
  for (const at of ['startsAt', 'doorsAt', 'salesFrom', 'salesUntil'] as const) {
    const text = show[at]
    if (text === undefined) continue
    const year = new Date(text).getUTCFullYear()
    if (!(year >= YEAR_MIN && year <= YEAR_MAX)) throw invalid(at, 'not-a-time')
  }
  const { startsAt, doorsAt, salesFrom, salesUntil, timeZone } = show
  if (new Date(salesUntil) <= new Date(salesFrom)) throw invalid('salesUntil', 'not-after-sales-from')
  if (doorsAt && new Date(doorsAt) > new Date(startsAt)) throw invalid('doorsAt', 'after-start')
  if (!isTimeZone(timeZone)) throw invalid('timeZone', 'unknown-time-zone')
}

/** An IANA name, as tickets and pages will use it; an offset like +03:00 knows no summer. */
function isTimeZone(timeZone: string): boolean {
  try {
    return /^[A-Za-z]/.test(timeZone) && new Intl.DateTimeFormat('en', { timeZone }) !== undefined
  } catch {
    return false
  }
}

function checkPrices(show: ShowRequest): void {
  const { prices, zones, serviceFeePerTicketClp } = show
  unique(
    prices.map(({ category }) => category),
    (i) => `prices[${i}].category`
  )
  unique(
    zones.map(({ name }) => name),
    (i) => `zones[${i}].name`
  )
  for (const { at, priceClp } of pricesIn(show)) {
    if (priceClp + serviceFeePerTicketClp > TICKET_CLP_MAX) throw invalid(`${at}.priceClp`, 'too-dear')
  }
}

/** The first type is the price itself; the others have theirs where they are sold. */
function checkTypes({ ticketTypes, prices, zones }: ShowRequest): void {
  if (ticketTypes?.length === 0) throw invalid('ticketTypes', 'empty')
  unique(ticketTypes ?? [], (i) => `ticketTypes[${i}]`)
  const [fullPrice, ...others] = ticketTypes ?? []
  for (const [at, list] of Object.entries({ prices, zones })) {
    list.forEach(({ reduced = [] }, i) => {
      const typeAt = (n: number) => `${at}[${i}].reduced[${n}].ticketType`
      const names = reduced.map(({ ticketType }) => ticketType)
      names.forEach((name, n) => {
        if (name === fullPrice) throw invalid(typeAt(n), 'full-price')
        if (!others.includes(name)) throw invalid(typeAt(n), 'unknown-type')
      })
      unique(names, typeAt)
    })
  }
}

/** Every price of the request, with its place in it. */
function pricesIn({ prices, zones }: ShowRequest): Array<{ at: string; priceClp: number }> {
  return Object.entries({ prices, zones }).flatMap(([list, priced]) =>
    priced.flatMap(({ priceClp, reduced = [] }, i) => [
      { at: `${list}[${i}]`, priceClp },
      ...reduced.map(({ priceClp }, n) => ({ at: `${list}[${i}].reduced[${n}]`, priceClp }))
    ])
  )
}

/** No seat has two kinds, and none accompanies two. What the plan has to say comes later: see `insert-show-seats.ts`. */
function checkSeats({ accessible = [], focus }: ShowRequest): void {
  for (const axis of ['x', 'y'] as const) {
    if (focus && !(Math.abs(focus[axis]) <= FOCUS_PX_MAX)) throw invalid(`focus.${axis}`, 'out-of-range')
  }
  const places = accessible.flatMap(({ companions }, i) => [`[${i}].seat`, ...companions.map((_, n) => `[${i}].companions[${n}]`)])
  unique(
    accessible.flatMap(({ seat, companions }) => [seat, ...companions]),
    (i) => `accessible${places[i]}`
  )
}

function unique(names: string[], at: (i: number) => string): void {
  const seen = new Set<string>()
  names.forEach((name, i) => {
    if (seen.has(name)) throw invalid(at(i), 'twice')
    seen.add(name)
  })
}

/** What ends on paper has no line breaks and nothing invisible; only the description may have lines. */
function checkTexts({ title, genre, venue, zones, ticketTypes = [] }: ShowRequest): void {
  const texts = { title, genre, 'venue.name': venue.name, 'venue.address': venue.address, 'venue.city': venue.city }
  for (const [at, text] of Object.entries(texts)) if (/\p{Cc}/u.test(text)) throw invalid(at, 'control-character')
  zones.forEach(({ name }, i) => {
    if (/\p{Cc}/u.test(name)) throw invalid(`zones[${i}].name`, 'control-character')
  })
  ticketTypes.forEach((name, i) => {
    if (/\p{Cc}/u.test(name)) throw invalid(`ticketTypes[${i}]`, 'control-character')
  })
}

function invalid(at: string, reason: string) {
  return refuse('SHOW_INVALID', { at, reason })
}
