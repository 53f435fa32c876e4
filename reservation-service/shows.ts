import type { Pool } from 'pg'
import { unavailable } from '../chassis/errors.ts'
import type { Patience } from '../chassis/patience.ts'
import { type Tx, transaction } from '../chassis/postgres.ts'
import { takeTurns } from '../chassis/turns.ts'
import type { House } from './read-house.ts'
import { readShow, type Show } from './read-show.ts'

export interface Shows {
  /**
   * Read once and kept, because a show does not change.
   *
   * @param sinceMs - When the command came in that asks for it.
   * @returns Nothing when there is no such show, however often it is asked for.
   */
  find: (showId: number, sinceMs?: number) => Promise<Show | undefined> | Show
  /** Reads what is on sale or soon will be, as far as there is room: the first buyer need not wait for it. @returns 0: the next pass is due in its time. */
  warmOnce: () => Promise<number>
}

/** As many seats as are kept in memory, over all houses: some 300 bytes each. */
const SEATS_KEPT_MAX = 1_000_000

const SOON = '1 day'
const WARMED_MAX = 200
const READINGS_MAX = 2 // connections are for those who buy
const READINGS_WAITING_MAX = 500

/** @param writer - Shows are read behind a commit of the quorum: what a failover could erase is not kept. */
export function openShows(writer: () => Pool, patiently: Patience): Shows {
  const kept = new Map<number, Show>()
  const underway = new Map<number, Promise<Show | undefined>>()
  const housesUnderway = new Map<string, Promise<House>>()
  const inTurn = takeTurns(READINGS_MAX)
  return { find, warmOnce }

  /** The one asked for longest ago goes when there are too many seats. */
  function find(showId: number, sinceMs?: number): Promise<Show | undefined> | Show {
    const known = kept.get(showId)
    if (!known) return isFull(showId) ? Promise.reject(unavailable('room to read a show')) : read(showId, sinceMs)
    kept.delete(showId)
    kept.set(showId, known)
    return known
  }

  async function warmOnce(): Promise<number> {
    const showIds = (await transaction(writer(), findOnSale)).filter((showId) => !kept.has(showId))
    for (const showId of showIds) if (seatsKept() < SEATS_KEPT_MAX) await find(showId)
    return 0
  }

  function isFull(showId: number): boolean {
    return underway.size >= READINGS_WAITING_MAX && !underway.has(showId)
  }

  /** Whoever waits shares the readings, and has a deadline of its own. */
  function read(showId: number, sinceMs?: number): Promise<Show | undefined> {
    return patiently(() => underway.get(showId) ?? begin(showId), sinceMs)
  }

  function begin(showId: number): Promise<Show | undefined> {
    const reading = inTurn(() => transaction(writer(), (tx) => readShow(tx, showId, houseFor)))
      .then((show) => show && keep(showId, show))
      .finally(() => underway.delete(showId))
    underway.set(showId, reading)
    return reading
  }

  /** One that is kept, or on its way; kept with its show, once that is durable. */
  function houseFor(key: string, read: () => Promise<House>): Promise<House> | House {
    const known = kept.values().find((show) => show.houseKey === key)
    if (known) return known
    const reading = housesUnderway.get(key) ?? read().finally(() => housesUnderway.delete(key))
    housesUnderway.set(key, reading)
    return reading
  }

  function keep(showId: number, show: Show): Show {
    kept.set(showId, show)
    for (const oldest of kept.keys()) {
      if (seatsKept() <= SEATS_KEPT_MAX || oldest === showId) break
      kept.delete(oldest)
    }
    return show
  }

  function seatsKept(): number {
    const houses = new Set([...kept.values()].map(({ seats }) => seats))
    return [...houses].reduce((sum, { size }) => sum + size, 0)
  }
}

async function findOnSale(tx: Tx): Promise<number[]> {
  const { rows } = await tx.query<{ show_id: number }>({
    name: 'find-on-sale',
    text: `select show_id
           from selling.shows
           where sales_until > clock_timestamp() and sales_from < clock_timestamp() + $1::interval
           order by sales_from desc
           limit $2`,
    values: [SOON, WARMED_MAX]
  })
  return rows.map((row) => row.show_id)
}
