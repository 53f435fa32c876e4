import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { highestOf, isOn, packed, turnOn } from '../chassis/packed-numbers.ts'
import { type Representation, represent } from '../chassis/representation.ts'
import { keepFresh, type Read } from './fresh.ts'
import { rowsOf, stamped } from './standby.ts'

/** What a page looks at every few seconds. A hint, like the page: the seller decides. */
export interface AvailabilityFeed {
  /** The same for every viewer, with its age; undefined when there is no such show. */
  of: (code: string) => Promise<{ body: Representation; ageSeconds: number } | undefined>
}

interface Taken {
  at: Date
  /** Bit `seatNo - 1`, lowest bit first; as long as the highest taken number asks for. */
  bits: Buffer
  zones: Array<{ zoneNo: number; free: number }>
  sections: Array<{ sectionNo: number; free: number }>
}

/** Seats of a section carry numbers from `first` to `last`, and no other section's do. */
interface Range {
  sectionNo: number
  first: number
  last: number
  total: number
}

const FRESH_MS = 1_500
const STALE_MS_MAX = 5 * 60_000
const CODE_FRESH_MS = 10_000
const HASH_CHARS = 22

/** One reading per show and moment, whatever the number of viewers. */
export function openAvailabilityFeed(pool: () => Pool): AvailabilityFeed {
  const fresh = keepFresh(FRESH_MS, STALE_MS_MAX)
  const codes = keepFresh(CODE_FRESH_MS, STALE_MS_MAX)
  const plans = keepFresh(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) // what a show consists of never changes
  const bodies = new WeakMap<Taken, { body: Representation; ageSeconds: number }>()

  return {
    async of(code) {
      const { value: showId } = await codes(code, () => readShowId(pool, code))
      if (showId === undefined) return undefined
      const { value: ranges } = await plans(String(showId), () => readRanges(pool, showId))
      const { value: taken, ageSeconds } = await fresh(String(showId), () => readTaken(pool, showId, ranges))
      const known = bodies.get(taken)
      if (known?.ageSeconds === ageSeconds) return known
      const made = { body: bodyOf(showId, taken, ageSeconds), ageSeconds }
      bodies.set(taken, made)
      return made
    }
  }
}

/** Its hash says nothing of age: who has the same map and hears how old it is now needs no more. */
function bodyOf(showId: number, { at, bits, zones, sections }: Taken, ageSeconds: number): Representation {
  const content = { taken: bits.toString('base64'), zones, sections }
  const known = Number.isFinite(ageSeconds)
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, HASH_CHARS)
  return represent(JSON.stringify({ showId, asOf: known ? at : null, ageSeconds: known ? ageSeconds : null, ...content }), hash)
}

async function readShowId(pool: () => Pool, code: string): Promise<Read<number | undefined>> {
  const [show] = await rowsOf<{ showId: number }>(pool, 'select show_id as "showId" from catalogue.shows where code = $1', [code])
  return { value: show?.showId, behindSeconds: 0 }
}

async function readTaken(pool: () => Pool, showId: number, ranges: Range[]): Promise<Read<Taken>> {
  const [row] = await rowsOf<{ at: Date; taken: string; zones: Taken['zones'] }>(
    pool,
    `select clock_timestamp() as at,
            (select ${packed('seat_no')} from catalogue.taken_seats where show_id = $1) as taken,
            (select coalesce(json_agg(json_build_object('zoneNo', zone_no, 'free', greatest(free, 0)) order by zone_no), '[]')
             from catalogue.zones where show_id = $1) as zones`,
    [showId]
  )
  const { at, taken, zones } = row!
  const bits = Buffer.alloc(Math.ceil(highestOf(taken) / 8))
  turnOn(bits, taken)
  const { value, behindSeconds } = await stamped(pool, { bits, zones, sections: ranges.map((range) => freeIn(range, bits)) })
  const asOf = new Date(at.getTime() - (Number.isFinite(behindSeconds) ? behindSeconds * 1_000 : 0))
  return { value: { ...value, at: asOf }, behindSeconds }
}

function freeIn({ sectionNo, first, last, total }: Range, bits: Buffer): { sectionNo: number; free: number } {
  let taken = 0
  for (let seatNo = first; seatNo <= last; seatNo++) if (isOn(bits, seatNo)) taken++
  return { sectionNo, free: total - taken }
}

/** The sections of a show, where the numbers of their seats do not mingle: none where they do, and then nothing is counted. */
async function readRanges(pool: () => Pool, showId: number): Promise<Read<Range[]>> {
  const ranges = await rowsOf<Range>(
    pool,
    `select section_no as "sectionNo", min(seat_no) as first, max(seat_no) as last, count(*)::integer as total
     from catalogue.seats
     where show_id = $1
     group by section_no
     order by first`,
    [showId]
  )
  const mingled = ranges.some(({ first }, i) => i > 0 && first <= ranges[i - 1]!.last)
  return { value: mingled ? [] : ranges, behindSeconds: 0 }
}
