import { aimLike, isOrphan, lookOnce, nothingFound, searchRow, take } from './groups.ts'
import type { IsTaken, Seating } from './seating.ts'

/**
 * The orphans that taking these seats would make and that could be avoided; none:
 * the choice is allowed. An orphan can be avoided when as many seats of the same
 * categories as the choice takes in that row are to be had side by side in that
 * row without making any. Accessible and companion seats are taken first, free of
 * the rule; the standard seats of the choice follow it.
 *
 * Guarantee: whatever the state of a row, if n standard seats of a price are free
 * in it, at least one choice of n of them is allowed.
 *
 * @param seatNos - Seats the plan does not have are passed over: who asks refuses them.
 * @returns Ascending seat numbers.
 * @see docs/best-seats.md
 */
export function avoidableOrphans(seating: Seating, isTaken: IsTaken, seatNos: number[]): number[] {
  const standard = seatNos.filter((seatNo) => seating.standard[placeOf(seating, seatNo)] === 1)
  const exempt = seatNos.filter((seatNo) => !standard.includes(seatNo))
  const isGone: IsTaken = exempt.length === 0 ? isTaken : (seatNo) => exempt.includes(seatNo) || isTaken(seatNo)
  return orphansBy(seating, isGone, standard, (row, places) => isAvoidable(seating, isGone, row, places))
}

/** Every orphan the choice makes, avoidable or not, whatever the kinds of its seats. Ascending. */
export function orphansMade(seating: Seating, isTaken: IsTaken, seatNos: number[]): number[] {
  return orphansBy(seating, isTaken, seatNos, () => true)
}

type Counts = (row: number, places: number[]) => boolean

function orphansBy(seating: Seating, isTaken: IsTaken, seatNos: number[], counts: Counts): number[] {
  const places = seatNos.map((seatNo) => placeOf(seating, seatNo)).filter((place) => place > 0)
  const orphans: number[] = []
  for (const [row, chosen] of Map.groupBy(places, (place) => seating.rowOf[place]!)) {
    const made = orphansInRow(seating, isTaken, row, chosen)
    if (made.length > 0 && counts(row, chosen)) orphans.push(...made)
  }
  return orphans.sort((a, b) => a - b)
}

/** What stands beside a seat that was free was no orphan before. */
function orphansInRow(seating: Seating, isTaken: IsTaken, row: number, chosen: number[]): number[] {
  const states = lookOnce(seating, isTaken)(row)
  const shift = seating.starts[row]! - 1
  for (const place of chosen) take(states, place - shift)
  const beside = new Set(chosen.flatMap((place) => [place - 1, place + 1]))
  return [...beside].filter((place) => isOrphan(states, place - shift)).map((place) => seating.seatNos[place]!)
}

function isAvoidable(seating: Seating, isTaken: IsTaken, row: number, chosen: number[]): boolean {
  const found = nothingFound()
  searchRow(seating, lookOnce(seating, isTaken), row, aimLike(seating, chosen, { x: 0, y: 0 }), found)
  return found.cleanThere
}

function placeOf(seating: Seating, seatNo: number): number {
  return seating.places[seatNo] ?? 0
}
