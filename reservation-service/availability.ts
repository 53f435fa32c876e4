import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { isOn, turnOn } from '../chassis/packed-numbers.ts'
import { type Encoding, type Representation, represent } from '../chassis/representation.ts'
import { takeTurns } from '../chassis/turns.ts'
import type { Availability as Body } from '../contracts/selling.ts'
import { type Reading, readMap } from './read-availability.ts'

/** What can be had of a show, as the primary had it at one moment. */
export interface Snapshot {
  showId: number
  asOf: string
  /** On the clock of `performance.now()`: when its reading began. */
  atMs: number
  /** Bit `seatNo - 1`, lowest bit first: on when the seat cannot be had, and for a number that is no seat. */
  taken: Buffer
  zones: Body['zones']
}

export interface Availability {
  /**
   * No older than `msMax` when it was asked for: read again if what is kept is,
   * and whoever asks meanwhile shares the reading. Undefined: no such show.
   */
  of: (showId: number, msMax?: number) => Promise<Snapshot | undefined>
  /** The same for every viewer, ready to send; made once per snapshot. */
  represented: (showId: number) => Promise<Representation | undefined>
  bodyOf: (showId: number, encoding: Encoding) => Promise<{ bytes: Buffer; etag: string; asOf: string } | undefined>
  /** Resolves when no reading is under way. */
  close: () => Promise<void>
}

interface Kept {
  snapshot: Snapshot
  body: Representation
}

interface Underway {
  /** Infinity until its turn has come: then it is fresh to whoever asks. */
  beganMs: () => number
  reading: Promise<Kept | undefined>
}

interface Entry {
  /** All bits on but those of the show's seats, which are the same for ever. */
  blank?: Buffer
  kept?: Kept
  /** It begins when its turn has come; before that, whoever asks may share it. */
  underway?: { beganMs: () => number; reading: Promise<Kept | undefined> } | undefined
}

const FRESH_MS = 300
const SHOWS_MAX = 500 // some 30 KB each, where 48,000 seats are watched in every encoding
const HASH_CHARS = 22
const READINGS_MAX = 2 // connections are for those who buy

/**
 * What many viewers look at, read at most once per {@link FRESH_MS} and show,
 * only while somebody asks, and behind a commit of the quorum.
 *
 * @param writer - Finds the primary's pool; asked again for every reading.
 */
export function openAvailability(writer: () => Pool): Availability {
  const entries = new Map<number, Entry>()
  const inTurn = takeTurns(READINGS_MAX)
  return {
    of: async (showId, msMax = FRESH_MS) => (await look(showId, msMax))?.snapshot,
    represented: async (showId) => (await look(showId, FRESH_MS))?.body,
    async bodyOf(showId, encoding) {
      const map = await look(showId, FRESH_MS)
      return map && { bytes: map.body.bytesIn(encoding), etag: map.body.etag, asOf: map.snapshot.asOf }
    },
    async close() {
      await Promise.allSettled([...entries.values()].map(({ underway }) => underway?.reading))
    }
  }

  async function look(showId: number, msMax: number): Promise<Kept | undefined> {
    const sinceMs = performance.now() - msMax
    const entry = entryOf(showId)
    if (entry.kept && entry.kept.snapshot.atMs >= sinceMs) return entry.kept
    if (entry.underway && entry.underway.beganMs() < sinceMs) await entry.underway.reading.catch(() => {}) // it began too early for this caller
    entry.underway ??= begin(showId, entry)
    return entry.underway.reading
  }

  /** The one asked for longest ago goes when there are too many. */
  function entryOf(showId: number): Entry {
    const entry = entries.get(showId) ?? {}
    entries.delete(showId)
    entries.set(showId, entry)
    const [oldest] = entries.keys()
    if (entries.size > SHOWS_MAX && oldest !== undefined) entries.delete(oldest)
    return entry
  }

  function begin(showId: number, entry: Entry): Underway {
    let beganMs = Number.POSITIVE_INFINITY
    const reading = inTurn(async () => {
      beganMs = performance.now()
      const found = await readMap(writer(), showId, entry.blank)
      if (!found) {
        entries.delete(showId)
        return undefined
      }
      const snapshot = snapshotOf(showId, beganMs, found)
      entry.blank = found.blank
      entry.kept = { snapshot, body: bodyFor(snapshot) }
      return entry.kept
    })
    return { beganMs: () => beganMs, reading: reading.finally(() => delete entry.underway) }
  }
}

/** What is no seat of the show cannot be had. */
export function isTaken({ taken }: Snapshot, seatNo: number): boolean {
  return seatNo < 1 || seatNo > taken.length * 8 || isOn(taken, seatNo)
}

function bodyFor({ showId, asOf, taken, zones }: Snapshot): Representation {
  const hash = createHash('sha256').update(JSON.stringify(zones)).update(taken).digest('base64url').slice(0, HASH_CHARS)
  return represent(JSON.stringify({ showId, asOf, taken: taken.toString('base64'), zones } satisfies Body), hash)
}

function snapshotOf(showId: number, atMs: number, { at, blank, taken: seatNos, zones }: Reading): Snapshot {
  const taken = Buffer.from(blank)
  turnOn(taken, seatNos)
  return { showId, asOf: at.toISOString(), atMs, taken, zones }
}
