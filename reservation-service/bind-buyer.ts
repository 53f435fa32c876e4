import type { Tx } from '../chassis/postgres.ts'
import { lockCounters, normalised } from './buyers.ts'
import { ticketsOf } from './choice.ts'
import { chosenIn, findHold, type HoldRow } from './holds.ts'
import type { Show } from './read-show.ts'
import { refuse } from './refusals.ts'
import { isSold } from './release-hold.ts'

/**
 * Says whose a hold is, before they pay: what they have of the show, what they
 * hold of it for themselves, and this must not be more than one buyer may have.
 * A show without such a limit takes everybody.
 *
 * @throws Refusal `BUYER_LIMIT`, `HOLD_UNKNOWN`. The hold stays as it is.
 */
export async function bindBuyer(tx: Tx, holdId: string, email: string, show: Show): Promise<void> {
  const hold = await findHold(tx, holdId)
  const max = show.row.tickets_per_buyer_max
  if (max === null) return
  const buyer = normalised(email)
  const sold = (await lockCounters(tx, [[hold.show_id, buyer]])).get(`${hold.show_id} ${buyer}`)!
  const has = sold + (await heldBy(tx, hold, buyer))
  if (has + ticketsOf(chosenIn(hold)) > max && !(await isSold(tx, holdId))) throw refuse('BUYER_LIMIT', { max, has })
  await bind(tx, holdId, buyer)
}

/** In holds that are theirs, alive, not sold yet, and other than this one. */
async function heldBy(tx: Tx, { hold_id: holdId, show_id: showId }: HoldRow, buyer: string): Promise<number> {
  const { rows } = await tx.query<{ tickets: number }>({
    name: 'held-by-buyer',
    text: `select coalesce(sum(cardinality(seat_nos) + (select coalesce(sum(quantity), 0) from unnest(quantities) quantity)), 0)::integer as tickets
           from selling.holds h
           where show_id = $1 and buyer = $2 and hold_id <> $3 and released_at is null
             and coalesce(extended_until, held_until) > clock_timestamp()
             and not exists (select from selling.orders o where o.hold_id = h.hold_id)`,
    values: [showId, buyer, holdId]
  })
  return rows[0]!.tickets
}

async function bind(tx: Tx, holdId: string, buyer: string): Promise<void> {
  await tx.query({
    name: 'bind-buyer',
    text: 'update selling.holds set buyer = $2 where hold_id = $1 and buyer is distinct from $2',
    values: [holdId, buyer]
  })
}
