import type { Pool } from 'pg'
import { transaction } from '../chassis/postgres.ts'
import { readShow, type Show } from './read-show.ts'

export interface Shows {
  /** Read once and kept, because a show does not change. @returns Nothing when there is no such show, however often it is asked for. */
  find: (showId: number) => Promise<Show | undefined> | Show
}

/** As many seats as are kept in memory, over all shows: some 200 bytes each. */
const SEATS_KEPT_MAX = 1_000_000

/** @param writer - Shows are read behind a commit of the quorum: what a failover could erase is not kept. */
export function openShows(writer: () => Pool): Shows {
  const kept = new Map<number, Show>()
  const underway = new Map<number, Promise<Show | undefined>>()
  return { find: (showId) => kept.get(showId) ?? underway.get(showId) ?? begin(showId) }

  function begin(showId: number): Promise<Show | undefined> {
    const reading = transaction(writer(), (tx) => readShow(tx, showId))
      .then((show) => show && keep(showId, show))
      .finally(() => underway.delete(showId))
    underway.set(showId, reading)
    return reading
  }

  function keep(showId: number, show: Show): Show {
    kept.set(showId, show)
    let seats = [...kept.values()].reduce((sum, { seats }) => sum + seats.size, 0)
    for (const [oldest, { seats: its }] of kept) {
      if (seats <= SEATS_KEPT_MAX || oldest === showId) break
      kept.delete(oldest)
      seats -= its.size
    }
    return show
  }
}
