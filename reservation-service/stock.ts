import type { Tx } from '../chassis/postgres.ts'
import type { Chosen } from './choice.ts'

/** What can change about a seat, as read under its lock. */
export interface LockedSeat {
  seat_no: number
  state: 'free' | 'held' | 'sold'
  holder_id: string | null
  held_until: Date | null
}

export interface LockedZone {
  zone_no: number
  name: string
  price_clp: number
  capacity: number
  sold: number
  held: number
}

/** Everything one choice competes for, locked. */
export interface Stock {
  seats: LockedSeat[]
  zones: LockedZone[]
}

/**
 * Locks seats by (show_id, seat_no), then zones by zone_no: the order that every
 * transaction of this service keeps, so that overlapping ones form a line
 * instead of a deadlock. Ids come after, by `on conflict do nothing`.
 *
 * @see docs/decisions/0004-lock-seats-in-order.md
 */
export async function lockStock(tx: Tx, chosen: Chosen): Promise<Stock> {
  const seats = chosen.seatNos.length > 0 ? await lockSeats(tx, chosen) : []
  const zones = chosen.zoneNos.length > 0 ? await lockZones(tx, chosen) : []
  return { seats, zones }
}

async function lockSeats(tx: Tx, { showId, seatNos }: Chosen): Promise<LockedSeat[]> {
  const { rows } = await tx.query<LockedSeat>({
    name: 'lock-seats',
    text: `select seat_no, state, holder_id, held_until
           from selling.seats
           where show_id = $1 and seat_no = any($2)
           order by show_id, seat_no
           for no key update`,
    values: [showId, seatNos]
  })
  return rows
}

async function lockZones(tx: Tx, { showId, zoneNos }: Chosen): Promise<LockedZone[]> {
  const { rows } = await tx.query<LockedZone>({
    name: 'lock-zones',
    text: `select zone_no, name, price_clp, capacity, sold, held
           from selling.show_zones
           where show_id = $1 and zone_no = any($2)
           order by show_id, zone_no
           for no key update`,
    values: [showId, zoneNos]
  })
  return rows
}

/** Read after the locks: waiting for them may have outlived a hold. In whole milliseconds, as JavaScript compares them. */
export async function readClock(tx: Tx): Promise<Date> {
  const { rows } = await tx.query<{ now: Date }>({
    name: 'read-clock',
    text: "select date_trunc('milliseconds', clock_timestamp()) as now"
  })
  return rows[0]!.now
}

/** A hold that has run out is a free seat, taken over in place. */
export function isFree({ state, held_until: heldUntil }: LockedSeat, now: Date): boolean {
  return state === 'free' || (state === 'held' && heldUntil! <= now)
}

/**
 * Gives back, in the locked zones that are short of places, what holds that ran
 * out still occupy. Zones that are not short keep theirs: nobody misses them.
 *
 * @returns The zones as they are now.
 */
export async function reclaimPlaces(tx: Tx, zones: LockedZone[], chosen: Chosen, now: Date): Promise<LockedZone[]> {
  const short = zones.filter((zone) => freePlaces(zone) < quantityIn(chosen, zone.zone_no)).map((zone) => zone.zone_no)
  if (short.length === 0) return zones
  const { rows } = await tx.query<{ zone_no: number; held: number }>({
    name: 'reclaim-places',
    text: `with gone as (
             delete from selling.zone_holds
             where show_id = $1 and zone_no = any($2) and held_until <= $3
             returning zone_no, quantity
           )
           update selling.show_zones z
           set held = z.held - g.quantity
           from (select zone_no, sum(quantity) as quantity from gone group by zone_no) g
           where z.show_id = $1 and z.zone_no = g.zone_no
           returning z.zone_no, z.held`,
    values: [chosen.showId, short, now]
  })
  return zones.map((zone) => ({ ...zone, ...rows.find((row) => row.zone_no === zone.zone_no) }))
}

/** The zones in which a hold still occupies its places, also when it ran out and nobody has missed them yet. */
export type OwnPlaces = ReadonlySet<number>

/** Read after the zones are locked: nobody else gives places back without that lock. */
export async function readOwnPlaces(tx: Tx, { zoneNos }: Chosen, holdId: string): Promise<OwnPlaces> {
  if (zoneNos.length === 0) return new Set()
  const { rows } = await tx.query<{ zone_no: number }>({
    name: 'read-own-places',
    text: 'select zone_no from selling.zone_holds where hold_id = $1',
    values: [holdId]
  })
  return new Set(rows.map((row) => row.zone_no))
}

export function freePlaces({ capacity, sold, held }: LockedZone): number {
  return capacity - sold - held
}

function quantityIn({ zoneNos, quantities }: Chosen, zoneNo: number): number {
  return quantities[zoneNos.indexOf(zoneNo)] ?? 0
}
