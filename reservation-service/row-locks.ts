import type { Tx } from '../chassis/postgres.ts'
import type { Command } from './commands.ts'
import type { Row } from './seating.ts'
import { integers } from './stock.ts'

/**
 * Seats that are locked beside those that are chosen, because a rule looks at
 * them. The rule against orphans looks at a whole row: whoever takes a seat
 * under it also locks the row's lowest seat, its anchor, so that two of them
 * cannot change one row at a time. The rule of companions looks at the
 * accessible seat they belong to.
 */
export function besideOf(commands: Command[]): Array<[showId: number, seatNo: number]> {
  const anchors = rowsUnderRule(commands).map(({ showId, low }): [number, number] => [showId, low])
  return [...anchors, ...accompanied(commands)]
}

function accompanied(commands: Command[]): Array<[showId: number, seatNo: number]> {
  return commands.flatMap(({ does, show, chosen }) => {
    if (does === 'order' || !show?.hasCompanions || !chosen) return []
    return chosen.seatNos.flatMap((seatNo): Array<[number, number]> => {
      const accessibleNo = show.seats.get(seatNo)?.accessible_no
      return accessibleNo ? [[chosen.showId, accessibleNo]] : []
    })
  })
}

/** Read after the anchors are locked. @returns The seats of those rows that cannot be had, by show. */
export async function readRows(tx: Tx, commands: Command[]): Promise<Map<number, Set<number>>> {
  const spans = rowsUnderRule(commands)
  if (spans.length === 0) return new Map()
  const { rows } = await tx.query<{ show_id: number; taken: number[] | null }>({
    name: 'read-rows',
    text: `select show_id, array_agg(seat.seat_no) as taken
           from unnest($1::integer[], $2::integer[], $3::integer[]) as span (show_id, low, high)
           cross join lateral (
             select s.seat_no
             from selling.seats s
             where s.show_id = span.show_id and s.seat_no between span.low and span.high
               and (s.state in ('sold', 'blocked') or (s.state = 'held' and s.held_until > clock_timestamp()))
           ) seat
           group by show_id`,
    values: [integers(spans.map(({ showId }) => showId)), integers(spans.map(({ low }) => low)), integers(spans.map(({ high }) => high))]
  })
  return new Map(rows.map(({ show_id: showId, taken }) => [showId, new Set(taken)]))
}

interface Span {
  showId: number
  low: number
  high: number
}

function rowsUnderRule(commands: Command[]): Span[] {
  const rows = new Map<Row, Span>()
  for (const command of commands) {
    const { show, chosen } = command
    if (command.does === 'order' || !show || !chosen || chosen.seatNos.length === 0) continue
    if (!show.row.no_orphan_seats && !command.best) continue
    const seating = show.seating
    for (const seatNo of chosen.seatNos) {
      const place = seating.places[seatNo] ?? 0
      const row = place > 0 ? seating.rows[seating.rowOf[place]!]! : undefined
      if (row && !rows.has(row)) rows.set(row, { showId: show.row.show_id, low: Math.min(...row.seatNos), high: Math.max(...row.seatNos) })
    }
  }
  return [...rows.values()]
}
