import { checkChoice } from './check-choice.ts'
import type { Chosen } from './choice.ts'
import { type HoldCommand, sortedWanted } from './commands.ts'
import type { Facts, Outcome, Writes } from './decide.ts'
import { fingerprintOfSorted } from './fingerprint.ts'
import { chosenIn, type HoldRow, holdAs } from './holds.ts'
import { refuse } from './refusals.ts'
import { take } from './take.ts'

/** Pure. Gives the hold that stands under this id, or a new one. */
export function decideHold(command: HoldCommand, facts: Facts, writes: Writes): Outcome {
  const { id: holdId, show, chosen, fingerprint } = command
  const known = facts.holds.get(holdId)
  if (known && recognised(known) !== fingerprint) throw refuse('HOLD_MISMATCH', { holdId })
  if (known?.released_at) throw refuse('HOLD_RELEASED', { holdId })
  if (!show) throw refuse('SHOW_UNKNOWN', { showId: command.showId })
  if (known) return { hold: holdAs(known, show) }

  if (!chosen) throw refuse('NOT_TOGETHER', { quantity: command.best!.quantity, together: command.together })
  const { totalClp } = checkChoice(show, chosen, command, facts)
  const row = newHold(command, chosen, totalClp, new Date(facts.now.getTime() + facts.holdMs))
  take(chosen, facts, writes, { state: 'held', holder_id: holdId, held_until: row.held_until })
  facts.holds.set(holdId, row)
  writes.holds.push(row)
  return { hold: holdAs(row, show) }
}

function newHold({ id, fingerprint }: HoldCommand, chosen: Chosen, totalClp: number, heldUntil: Date): HoldRow {
  return {
    hold_id: id,
    show_id: chosen.showId,
    seat_nos: chosen.seatNos,
    zone_nos: chosen.zoneNos,
    quantities: chosen.quantities,
    type_nos: chosen.typeNos,
    total_clp: totalClp,
    held_until: heldUntil,
    fingerprint,
    released_at: null,
    extended_until: null
  }
}

/** A hold from before bodies were recognised by their fingerprint chose what it has. */
function recognised(known: HoldRow): string {
  return known.fingerprint ?? fingerprintOfSorted(sortedWanted({ chosen: chosenIn(known) }, known.show_id))
}
