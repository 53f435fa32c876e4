import type { Pool } from 'pg'
import { type Tx, transaction } from '../chassis/postgres.ts'
import { takeTurns } from '../chassis/turns.ts'
import type { House } from './read-house.ts'
import { readShow, type Show } from './read-show.ts'

export interface Shows {
  /** Read once and kept, because a show does not change. @returns Nothing when there is no such show, however often it is asked for. */
  find: (showId: number) => Promise<Show | undefined> | Show
  /** Reads what is on sale or soon will be, as far as there is room: the first buyer need not wait for it. @returns 0: the next pass is due in its time. */
  warmOnce: () => Promise<number>
}

/** As many seats as are kept in memory, over all houses: some 300 bytes each. */
const SEATS_KEPT_MAX = 1_000_000

const SOON = '1 day'
const WARMED_MAX = 200
const READINGS_MAX = 2 // connections are for those who buy

/** @param writer - Shows are read behind a commit of the quorum: what a failover could erase is not kept. */
export function openShows(writer: () => Pool): Shows {
  const kept = new Map<number, Show>()
  const houses = new Map<string, House>()
  const underway = new Map<number, Promise<Show | undefined>>()
  const housesUnderway = new Map<string, Promise<House>>()
  const inTurn = takeTurns(READINGS_MAX)
  return { find, warmOnce }

  function find(showId: number): Promise<Show | undefined> | Show {
    return kept.get(showId) ?? underway.get(showId) ?? begin(showId)
  }

  async function warmOnce(): Promise<number> {
    const showIds = (await transaction(writer(), findOnSale)).filter((showId) => !kept.has(showId))
    for (const showId of showIds) if (seatsKept() < SEATS_KEPT_MAX) await find(showId)
    return 0
  }

  function begin(showId: number): Promise<Show | undefined> {
    const reading = inTurn(() => transaction(writer(), (tx) => readShow(tx, showId, houseFor)))
      .then((show) => show && keep(showId, show))
      .finally(() => {
        underway.delete(showId)
        forgetEmptyHouses() // one that was read in vain may not be durable
      })
    underway.set(showId, reading)
    return reading
  }

  function houseFor(key: string, read: () => Promise<House>): Promise<House> | House {
    return houses.get(key) ?? housesUnderway.get(key) ?? beginHouse(key, read)
  }

  function beginHouse(key: string, read: () => Promise<House>): Promise<House> {
    const reading = read().finally(() => housesUnderway.delete(key))
    housesUnderway.set(key, reading)
    return reading.then((house) => {
      houses.set(key, house)
      return house
    })
  }

  function keep(showId: number, show: Show): Show {
    kept.set(showId, show)
    for (const oldest of kept.keys()) {
      if (seatsKept() <= SEATS_KEPT_MAX || oldest === showId) break
      kept.delete(oldest)
      forgetEmptyHouses()
    }
    return show
  }

  function forgetEmptyHouses(): void {
    const used = new Set([...kept.values()].map(({ seating }) => seating))
    for (const [key, { seating }] of houses) if (!used.has(seating)) houses.delete(key)
  }

  function seatsKept(): number {
    return [...houses.values()].reduce((sum, { seats }) => sum + seats.size, 0)
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
