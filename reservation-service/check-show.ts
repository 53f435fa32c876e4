import type { ShowRequest } from '../contracts/selling.ts'
import { SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import { refuse } from './refusals.ts'

/** A full order of the dearest ticket still fits into the whole pesos of every column and contract. */
const TICKET_CLP_MAX = 2_000_000_000 / SEATS_PER_ORDER_MAX
const [YEAR_MIN, YEAR_MAX] = [2_000, 2_200]

/** Pure. @throws Refusal `SHOW_INVALID` with the place and the reason. */
export function checkShow(show: ShowRequest): void {
  checkTimes(show)
  checkPrices(show)
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

function checkPrices({ prices, zones, serviceFeePerTicketClp }: ShowRequest): void {
  unique(
    prices.map(({ category }) => category),
    (i) => `prices[${i}].category`
  )
  unique(
    zones.map(({ name }) => name),
    (i) => `zones[${i}].name`
  )
  const dear = (priceClp: number) => priceClp + serviceFeePerTicketClp > TICKET_CLP_MAX
  prices.forEach(({ priceClp }, i) => {
    if (dear(priceClp)) throw invalid(`prices[${i}].priceClp`, 'too-dear')
  })
  zones.forEach(({ priceClp }, i) => {
    if (dear(priceClp)) throw invalid(`zones[${i}].priceClp`, 'too-dear')
  })
}

function unique(names: string[], at: (i: number) => string): void {
  const again = names.findIndex((name, i) => names.indexOf(name) !== i)
  if (again >= 0) throw invalid(at(again), 'twice')
}

/** What ends on paper has no line breaks and nothing invisible; only the description may have lines. */
function checkTexts({ title, genre, venue, zones }: ShowRequest): void {
  const texts = { title, genre, 'venue.name': venue.name, 'venue.address': venue.address, 'venue.city': venue.city }
  for (const [at, text] of Object.entries(texts)) if (/\p{Cc}/u.test(text)) throw invalid(at, 'control-character')
  zones.forEach(({ name }, i) => {
    if (/\p{Cc}/u.test(name)) throw invalid(`zones[${i}].name`, 'control-character')
  })
}

function invalid(at: string, reason: string) {
  return refuse('SHOW_INVALID', { at, reason })
}
