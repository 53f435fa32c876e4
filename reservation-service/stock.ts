import { inTurn, type Tx } from '../chassis/postgres.ts'
import type { Chosen } from './choice.ts'

/** What can change about a seat, as read under its lock. */
export interface LockedSeat {
  show_id: number
  seat_no: number
  state: 'free' | 'held' | 'sold' | 'blocked'
  holder_id: string | null
  held_until: Date | null
}

export interface LockedZone {
  show_id: number
  zone_no: number
  capacity: number
  sold: number
  held: number
  /** As they were found: only the difference is written, so that the table adds up, and refuses what is too much, whoever else wrote. */
  sold_before: number
  held_before: number
}

/** Everything some choices compete for, locked. By show, then by number. */
export interface Stock {
  seats: Numbered<LockedSeat>
  zones: Numbered<LockedZone>
}

export type Numbered<T> = Map<number, Map<number, T>>

/** Seats or zones of shows, each once, ascending: the form in which they are locked. */
export interface Places {
  showIds: number[]
  nos: number[]
}

/**
 * Locks seats by (show_id, seat_no), then zones by (show_id, zone_no): the order that every
 * transaction of this service keeps, so that overlapping ones form a line
 * instead of a deadlock. Counters of buyers come after, then ids, each ascending;
 * before all of them only the search for the best seats has a lock (`find-seats.ts`).
 *
 * @param beside - Seats that are locked too because a rule looks at their row: see `row-locks.ts`.
 * @see docs/decisions/0004-lock-seats-in-order.md
 */
export async function lockStock(tx: Tx, choices: Chosen[], beside: Array<[showId: number, seatNo: number]> = []): Promise<Stock> {
  const seats = placesIn([...choices.flatMap(({ showId, seatNos }) => seatNos.map((no): [number, number] => [showId, no])), ...beside])
  const zones = placesIn(choices.flatMap(({ showId, zoneNos }) => zoneNos.map((no): [number, number] => [showId, no])))
  const [lockedSeats, lockedZones] = await inTurn([
    seats.nos.length > 0 ? lockSeats(tx, seats) : [],
    zones.nos.length > 0 ? lockZones(tx, zones) : []
  ])
  return { seats: numbered(lockedSeats, (seat) => seat.seat_no), zones: numbered(lockedZones, (zone) => zone.zone_no) }
}

/** The lock of each row is taken where the join finds it, so the order of the arrays is the order of the locks. */
async function lockSeats(tx: Tx, { showIds, nos }: Places): Promise<LockedSeat[]> {
  const { rows } = await tx.query<LockedSeat>({
    name: 'lock-seats',
    text: `select seat.*
           from unnest($1::integer[], $2::integer[]) as chosen (show_id, seat_no)
           cross join lateral (
             select s.show_id, s.seat_no, s.state, s.holder_id, s.held_until
             from selling.seats s
             where s.show_id = chosen.show_id and s.seat_no = chosen.seat_no
             for no key update
           ) seat`,
    values: [integers(showIds), integers(nos)]
  })
  return rows
}

async function lockZones(tx: Tx, { showIds, nos }: Places): Promise<LockedZone[]> {
  const { rows } = await tx.query<LockedZone>({
    name: 'lock-zones',
    text: `select zone.*
           from unnest($1::integer[], $2::integer[]) as chosen (show_id, zone_no)
           cross join lateral (
             select z.show_id, z.zone_no, z.capacity, z.sold, z.held, z.sold as sold_before, z.held as held_before
             from selling.show_zones z
             where z.show_id = chosen.show_id and z.zone_no = chosen.zone_no
             for no key update
           ) zone`,
    values: [integers(showIds), integers(nos)]
  })
  return rows
}

/** An array as PostgreSQL writes it: the driver would quote every number. */
export function integers(numbers: number[]): string {
  return `{${numbers.join()}}`
}

/** A hold that has run out is a free seat, taken over in place. */
export function isFree({ state, held_until: heldUntil }: LockedSeat, now: Date): boolean {
  return state === 'free' || (state === 'held' && heldUntil! <= now)
}

export function freePlaces({ capacity, sold, held }: LockedZone): number {
  return capacity - sold - held
}

export function placesIn(pairs: Array<[showId: number, no: number]>): Places {
  const sorted = pairs.toSorted(([a, m], [b, n]) => a - b || m - n)
  const once = sorted.filter(([showId, no], i) => i === 0 || showId !== sorted[i - 1]![0] || no !== sorted[i - 1]![1])
  return { showIds: once.map(([showId]) => showId), nos: once.map(([, no]) => no) }
}

export function numbered<T extends { show_id: number }>(rows: T[], noOf: (row: T) => number): Numbered<T> {
  const all: Numbered<T> = new Map()
  for (const row of rows) {
    const ofShow = all.get(row.show_id)
    if (ofShow) ofShow.set(noOf(row), row)
    else all.set(row.show_id, new Map([[noOf(row), row]]))
  }
  return all
}
