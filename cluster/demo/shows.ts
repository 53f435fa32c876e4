import { focusOf } from './plan.ts'
import { PROGRAMME } from './programme.ts'
import { VENUES } from './venues.ts'
import { type AccessibleForm, wheelchairs } from './wheelchairs.ts'

/** What an operator sends to PUT /shows/:code. */
export interface ShowForm {
  planCode: string
  title: string
  description: { es: string; en: string }
  genre: string
  venue: { name: string; address: string; city: string }
  startsAt: string
  doorsAt: string
  timeZone: string
  salesFrom: string
  salesUntil: string
  serviceFeePerTicketClp: number
  ticketTypes?: string[]
  ticketsPerOrderMax?: number
  ticketsPerBuyerMax?: number
  noOrphanSeats?: boolean
  focus: { x: number; y: number }
  accessible: AccessibleForm[]
  prices: Array<{ category: string; priceClp: number; reduced?: Price[] }>
  zones: Array<{ name: string; capacity: number; priceClp: number; reduced?: Price[] }>
}

/** What a ticket type after the first costs. */
export interface Price {
  ticketType: string
  priceClp: number
}

const TIME_ZONE = 'America/Santiago'

/** The shows of the demo shop, invented, in houses that exist. Days count from `today`. */
export function demoShows(today: Date): Array<{ code: string; form: ShowForm }> {
  const seating = Object.fromEntries(
    Object.entries(VENUES).map(([code, draw]) => {
      const venue = draw()
      return [code, { focus: focusOf(venue), accessible: wheelchairs(venue) }]
    })
  )
  return Object.entries(PROGRAMME).map(([code, { inDays, at, salesInDays, ...plot }]) => {
    const startsAt = local(today, inDays, at)
    return {
      code,
      form: {
        zones: [],
        ...plot,
        ...seating[plot.planCode]!,
        startsAt: startsAt.toISOString(),
        doorsAt: new Date(startsAt.getTime() - 60 * 60_000).toISOString(),
        timeZone: TIME_ZONE,
        salesFrom: local(today, salesInDays ?? -1, '10:00').toISOString(),
        salesUntil: startsAt.toISOString()
      }
    }
  })
}

/** A time of day in Santiago, so many days from `today`. */
function local(today: Date, days: number, time: string): Date {
  const date = new Date(today.getTime() + days * 24 * 60 * 60_000).toISOString().slice(0, 10)
  const asUtc = new Date(`${date}T${time}:00Z`)
  const shown = new Date(`${asUtc.toLocaleString('sv-SE', { timeZone: TIME_ZONE }).replace(' ', 'T')}Z`)
  return new Date(2 * asUtc.getTime() - shown.getTime())
}
