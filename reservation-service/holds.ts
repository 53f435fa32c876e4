import type { Tx } from '../chassis/postgres.ts'
import type { Hold } from '../contracts/selling.ts'
import { type Chosen, placesOf } from './choice.ts'
import { priceOf } from './price.ts'
import type { Show } from './read-show.ts'
import { refuse } from './refusals.ts'

/** A hold as it was given. What can change: that it was released, extended, or bound to its buyer. */
export interface HoldRow {
  hold_id: string
  show_id: number
  seat_nos: number[]
  zone_nos: number[]
  quantities: number[]
  type_nos: number[]
  total_clp: number
  held_until: Date
  fingerprint: string | null
  released_at: Date | null
  extended_until: Date | null
}

/** @returns Those that exist, by id. */
export async function findHolds(tx: Pick<Tx, 'query'>, holdIds: string[]): Promise<Map<string, HoldRow>> {
  if (holdIds.length === 0) return new Map()
  const { rows } = await tx.query<HoldRow>({
    name: 'find-holds',
    text: `select hold_id, show_id, seat_nos, zone_nos, quantities, type_nos, total_clp, held_until, fingerprint, released_at, extended_until
           from selling.holds
           where hold_id = any($1::uuid[])`,
    values: [holdIds]
  })
  return new Map(rows.map((row) => [row.hold_id, row]))
}

/** @throws Refusal `HOLD_UNKNOWN`. */
export async function findHold(tx: Pick<Tx, 'query'>, holdId: string): Promise<HoldRow> {
  const hold = (await findHolds(tx, [holdId])).get(holdId)
  if (!hold) throw refuse('HOLD_UNKNOWN', { holdId })
  return hold
}

export function chosenIn(hold: HoldRow): Chosen {
  return { showId: hold.show_id, seatNos: hold.seat_nos, zoneNos: hold.zone_nos, quantities: hold.quantities, typeNos: hold.type_nos }
}

/** What the caller was told when it was given, and is told again. */
export function holdAs({ hold_id: holdId, ...hold }: HoldRow, show: Show): Hold {
  const chosen = chosenIn({ hold_id: holdId, ...hold })
  const { showId, seatNos, typeNos } = chosen
  return {
    ...{ holdId, showId, seatNos, places: placesOf(chosen) },
    ...(typeNos.length > 0 && seatNos.length > 0 ? { typeNos: typeNos.slice(0, seatNos.length) } : {}),
    ...priceOf(show, chosen),
    heldUntil: hold.held_until.toISOString()
  }
}
