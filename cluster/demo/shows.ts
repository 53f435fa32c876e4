import { PROGRAMME } from './programme.ts'

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
  prices: Array<{ category: string; priceClp: number }>
  zones: Array<{ name: string; capacity: number; priceClp: number }>
}

const TIME_ZONE = 'America/Santiago'
/** The shows of the demo shop, invented, in houses that exist. Days count from `today`. */
export function demoShows(today: Date): Array<{ code: string; form: ShowForm }> {
  return Object.entries(PROGRAMME).map(([code, { inDays, at, salesInDays, ...plot }]) => {
    const startsAt = local(today, inDays, at)
    return {
      code,
      form: {
        zones: [],
        ...plot,
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
