import type { Tx } from '../chassis/postgres.ts'
import type { Chosen } from './choice.ts'

/** A hold as it was given. Only `released_at` ever changes. */
export interface HoldRow {
  hold_id: string
  show_id: number
  seat_nos: number[]
  zone_nos: number[]
  quantities: number[]
  total_clp: number
  held_until: Date
  released_at: Date | null
}

export async function findHold(tx: Tx, holdId: string): Promise<HoldRow | undefined> {
  const { rows } = await tx.query<HoldRow>({
    name: 'find-hold',
    text: `select hold_id, show_id, seat_nos, zone_nos, quantities, total_clp, held_until, released_at
           from selling.holds
           where hold_id = $1`,
    values: [holdId]
  })
  return rows[0]
}

export function chosenIn(hold: HoldRow): Chosen {
  return { showId: hold.show_id, seatNos: hold.seat_nos, zoneNos: hold.zone_nos, quantities: hold.quantities }
}
