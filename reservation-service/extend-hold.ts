import type { Tx } from '../chassis/postgres.ts'
import type { Hold } from '../contracts/selling.ts'
import { chosenIn, findHold, type HoldRow, holdAs } from './holds.ts'
import type { Show } from './read-show.ts'
import { refuse } from './refusals.ts'
import { isSold } from './release-hold.ts'
import { lockStock } from './stock.ts'

/**
 * Gives a hold its time once more, from now. Once: a repeat gets the same
 * answer. A hold that ran out is extended too, while nobody has taken what it had.
 *
 * @param holdSeconds - From now on, by the database clock.
 * @throws Refusal `HOLD_UNKNOWN`, `HOLD_RELEASED`, `HOLD_SOLD`, `HOLD_GONE`. Nothing is changed.
 */
export async function extendHold(tx: Tx, holdId: string, holdSeconds: number, show: Show): Promise<Hold> {
  const { seats } = await lockStock(tx, [chosenIn(await findHold(tx, holdId))])
  const hold = await findHold(tx, holdId) // again, behind the locks
  if (!hold.extended_until) {
    if (hold.released_at) throw refuse('HOLD_RELEASED', { holdId })
    if (await isSold(tx, holdId)) throw refuse('HOLD_SOLD', { holdId })
    const mine = hold.seat_nos.every((seatNo) => seats.get(hold.show_id)?.get(seatNo)?.holder_id === holdId)
    if (!mine || !(await hasPlaces(tx, hold))) throw refuse('HOLD_GONE', { holdId })
    hold.extended_until = await extend(tx, hold, holdSeconds)
  }
  return { ...holdAs(hold, show), heldUntil: hold.extended_until.toISOString() }
}

async function hasPlaces(tx: Tx, { hold_id: holdId, zone_nos: zoneNos }: HoldRow): Promise<boolean> {
  if (zoneNos.length === 0) return true
  const { rowCount } = await tx.query({
    name: 'has-places',
    text: 'select from selling.zone_holds where hold_id = $1',
    values: [holdId]
  })
  return rowCount === zoneNos.length
}

async function extend(tx: Tx, { hold_id: holdId, show_id: showId, seat_nos: seatNos }: HoldRow, holdSeconds: number): Promise<Date> {
  const { rows } = await tx.query<{ extended_until: Date }>({
    name: 'extend-hold',
    text: `with hold as (
             update selling.holds
             set extended_until = date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => $2)
             where hold_id = $1
             returning extended_until
           ), seats as (
             update selling.seats
             set held_until = (select extended_until from hold)
             where show_id = $3 and seat_no = any($4)
           ), places as (
             update selling.zone_holds
             set held_until = (select extended_until from hold)
             where hold_id = $1
           )
           select extended_until from hold`,
    values: [holdId, holdSeconds, showId, seatNos]
  })
  return rows[0]!.extended_until
}
