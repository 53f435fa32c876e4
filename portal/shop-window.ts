import type { Pool } from 'pg'
import { type ListedShow, readHeader, readShow, readShows, type Show } from './catalogue.ts'
import type { Point } from './drawing.ts'
import { keepFresh, type Seen } from './fresh.ts'
import { outlinesOf } from './outlines.ts'
import { type Place, readDots, readKinds, readPlaces, readSeats, type Seat, type SeatKind } from './seats.ts'
import type { ShowHeader } from './show-header.ts'

export interface ShopWindow {
  shows: () => Promise<Seen<ListedShow[]>>
  show: (code: string) => Promise<Seen<Show | undefined>>
  seats: (showId: number, sectionNo: number) => Promise<Seen<Seat[]>>
  /** What people call these seats, whatever section they stand in. */
  places: (showId: number, seatNos: number[]) => Promise<Place[]>
  /** The seats that are not like the others; nothing while the catalogue cannot be read. */
  kinds: (showId: number) => Promise<ReadonlyMap<number, SeatKind>>
  /** undefined too while the catalogue cannot be read: a purchase goes on without its show's name. */
  header: (showId: number) => Promise<ShowHeader | undefined>
  /** For sections that the plan does not draw, by the section's number. */
  outlines: (show: Show) => Promise<Map<number, Point[]>>
  /** Whether a node answers right now. */
  isThere: () => Promise<boolean>
}

const FRESH_MS = 2_000
const STALE_MS_MAX = 5 * 60_000
const HEADER_FRESH_MS = 60_000
const PLANS_MAX = 50

/** What is on sale, as pages may show it: read from a standby, kept for a moment, always with its age. */
export function openShopWindow(pool: () => Pool): ShopWindow {
  const fresh = keepFresh(FRESH_MS, STALE_MS_MAX)
  const headers = keepFresh(HEADER_FRESH_MS, Number.POSITIVE_INFINITY)
  const outlines = new Map<number, Promise<Map<number, Point[]>>>()

  return {
    shows: () => fresh('shows', () => readShows(pool)),
    show: (code) => fresh(`show/${code}`, () => readShow(pool, code)),
    seats: (showId, sectionNo) => fresh(`seats/${showId}/${sectionNo}`, () => readSeats(pool, showId, sectionNo)),
    places: async (showId, seatNos) => {
      if (seatNos.length === 0) return []
      return (await headers(`places/${showId}/${seatNos.join()}`, () => readPlaces(pool, showId, seatNos))).value // a thousand who lost the same seats
    },
    kinds: (showId) =>
      headers(`kinds/${showId}`, () => readKinds(pool, showId)).then(
        ({ value }) => value,
        () => new Map()
      ),
    header: (showId) =>
      headers(`header/${showId}`, () => readHeader(pool, showId)).then(
        ({ value }) => value,
        () => undefined
      ),
    async isThere() {
      try {
        await pool().query('select')
        return true
      } catch {
        return false
      }
    },
    outlines: (show) => {
      const drawn = new Set(show.shapes.map(({ section }) => section))
      if (show.sections.every(({ name }) => drawn.has(name))) return Promise.resolve(new Map())
      return outlines.get(show.planId) ?? readOutlines(show)
    }
  }

  /** A plan never changes, so its outlines are worked out once; a failed try is forgotten. */
  function readOutlines({ planId, showId }: Show): Promise<Map<number, Point[]>> {
    const reading = readDots(pool, showId).then(outlinesOf)
    const [oldest] = outlines.keys()
    if (outlines.size >= PLANS_MAX && oldest !== undefined) outlines.delete(oldest)
    outlines.set(planId, reading)
    reading.catch(() => outlines.delete(planId))
    return reading
  }
}
