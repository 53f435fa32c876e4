/** What pages of a purchase say about its show. */
export interface ShowHeader {
  showId: number
  code: string
  title: string
  venue: string
  startsAt: Date
  timeZone: string
}

/** For times of a purchase whose show cannot be read just now. */
export const PLACE_TIME_ZONE = 'America/Santiago'
