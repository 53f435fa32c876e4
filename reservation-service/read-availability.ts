import type { Pool } from 'pg'
import { isUnknown, unavailable } from '../chassis/errors.ts'
import { highestOf, packed, turnOn } from '../chassis/packed-numbers.ts'
import { type Tx, transaction } from '../chassis/postgres.ts'
import type { Availability } from '../contracts/selling.ts'

export interface Reading {
  at: Date
  /** Numbers of seats, packed. */
  taken: string
  zones: Availability['zones']
  /** All bits on but those of the show's seats. */
  blank: Buffer
}

/**
 * What can be had of a show, behind a commit of the quorum. Nothing is written:
 * of a commit that nobody can vouch for there is nothing to find out, and there
 * is no answer.
 *
 * @param known - The show's seats are the same for ever: whoever has them need not read them again.
 */
export async function readMap(pool: Pool, showId: number, known: Buffer | undefined): Promise<Reading | undefined> {
  try {
    return await transaction(pool, async (tx) => {
      const row = await readTaken(tx, showId)
      return row && { ...row, blank: known ?? blankOf(await readSeats(tx, showId)) }
    })
  } catch (err) {
    throw isUnknown(err) ? unavailable('a map that is certain', err) : err
  }
}

function blankOf(seats: string): Buffer {
  const offered = Buffer.alloc(Math.ceil(highestOf(seats) / 8))
  turnOn(offered, seats)
  return Buffer.from(offered.map((byte) => ~byte))
}

/**
 * A seat without a holder is free, and so is one whose holder's time is up: the
 * two columns say it without a look at the text beside them.
 */
async function readTaken(tx: Tx, showId: number): Promise<Omit<Reading, 'blank'> | undefined> {
  const { rows } = await tx.query<Omit<Reading, 'blank'>>({
    name: 'read-availability',
    text: `with clock as materialized (select clock_timestamp() as now)
           select (select now from clock) as at,
                  (select ${packed('seat_no')} from selling.seats
                   where show_id = $1 and holder_id is not null and (held_until is null or held_until > (select now from clock))) as taken,
                  (select coalesce(json_agg(json_build_object('zoneNo', zone_no, 'free', greatest(0, capacity - sold - held + expired))
                                            order by zone_no), '[]')
                   from selling.show_zones z
                   cross join lateral (
                     select coalesce(sum(quantity), 0) as expired from selling.zone_holds h
                     where h.show_id = z.show_id and h.zone_no = z.zone_no and h.held_until <= (select now from clock)
                   ) past
                   where show_id = $1) as zones
           from selling.shows
           where show_id = $1`,
    values: [showId]
  })
  return rows[0]
}

async function readSeats(tx: Tx, showId: number): Promise<string> {
  const { rows } = await tx.query<{ seats: string }>({
    name: 'read-seats-of-show',
    text: `select ${packed('seat_no')} as seats from selling.seats where show_id = $1`,
    values: [showId]
  })
  return rows[0]!.seats
}

/** Only the seats that cannot be had now, packed. For who holds the lock of a search: see `find-seats.ts`. */
export async function readTakenSeats(tx: Tx, showId: number): Promise<string> {
  const { rows } = await tx.query<{ taken: string | null }>({
    name: 'read-taken-seats',
    text: `select ${packed('seat_no')} as taken
           from selling.seats
           where show_id = $1 and holder_id is not null and (held_until is null or held_until > clock_timestamp())`,
    values: [showId]
  })
  return rows[0]?.taken ?? ''
}
