import type { Tx } from '../chassis/postgres.ts'
import type { Chosen } from './choice.ts'
import { chosenIn, findHolds } from './holds.ts'
import { lockStock } from './stock.ts'

/**
 * Lets go of what a hold still holds, for good: the same id holds nothing again.
 * What was taken over by others or sold stays as it is. A repeat and an unknown
 * id change nothing and get the same answer.
 *
 * @returns False when an order was made from the hold, which keeps its seats.
 */
export async function releaseHold(tx: Tx, holdId: string): Promise<boolean> {
  const hold = (await findHolds(tx, [holdId])).get(holdId)
  if (!hold) return true
  await lockStock(tx, [chosenIn(hold)])
  if (await isSold(tx, holdId)) return false
  await freeStock(tx, holdId, chosenIn(hold))
  return true
}

/** Whether an order was made from the hold. */
export async function isSold(tx: Tx, holdId: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'is-hold-sold',
    text: 'select from selling.orders where hold_id = $1',
    values: [holdId]
  })
  return rowCount === 1
}

async function freeStock(tx: Tx, holdId: string, { showId, seatNos }: Chosen): Promise<void> {
  await tx.query({
    name: 'free-stock',
    text: `with hold as (
             update selling.holds
             set released_at = clock_timestamp()
             where hold_id = $1 and released_at is null
           ), seats as (
             update selling.seats
             set state = 'free', holder_id = null, held_until = null
             where show_id = $2 and seat_no = any($3) and state = 'held' and holder_id = $1
           ), gone as (
             delete from selling.zone_holds
             where hold_id = $1
             returning zone_no, quantity
           )
           update selling.show_zones z
           set held = z.held - gone.quantity
           from gone
           where z.show_id = $2 and z.zone_no = gone.zone_no`,
    values: [holdId, showId, seatNos]
  })
}
