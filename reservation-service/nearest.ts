import { type Aim, aimAt, isFree, isNearer, type Look, leastFar, lengthOf, type Near, nothingFound, nowhere, searchRow } from './groups.ts'
import type { Part, Point, Seating } from './seating.ts'

/** Where seats may be. */
export interface Where {
  category?: string
  sectionNo?: number
}

/**
 * The group of free standard seats, side by side and of one category, that is
 * nearest to the focus: in each section and category among those that make no
 * orphan, and only when all make one among those that do.
 */
export function findNearest(seating: Seating, look: Look, where: Where, quantity: number, focus: Point): Near | undefined {
  let best = nowhere()
  for (const { part, far } of partsByNearness(partsIn(seating, where), focus, quantity)) {
    if (far > best.far) break
    const near = nearestOfPart(seating, look, part, aimAt(seating, part.category, quantity, focus))
    if (isNearer(seating, quantity, near.far, near.first, best)) best = near
  }
  return best.first > 0 ? best : undefined
}

export function partsIn(seating: Seating, { category, sectionNo }: Where): Part[] {
  return seating.parts.filter(
    (part) =>
      (category === undefined || seating.categories[part.category] === category) &&
      (sectionNo === undefined || part.sectionNo === sectionNo)
  )
}

/** With the least distance a group in each can have, so that a search may stop. */
export function partsByNearness(parts: Part[], focus: Point, quantity: number): Array<{ part: Part; far: number }> {
  return parts.map((part) => ({ part, far: leastFar(part.box, focus, quantity) })).sort((a, b) => a.far - b.far)
}

/** Once a group without orphans is known, only rows that may have a nearer one are looked at. */
function nearestOfPart(seating: Seating, look: Look, { rows }: Part, aim: Aim): Near {
  const found = nothingFound()
  for (const row of rows) {
    if (leastFar(seating.boxes[row]!, aim.focus, aim.quantity) > found.clean.far) continue
    searchRow(seating, look, row, aim, found)
  }
  return found.cleanThere ? found.clean : found.any
}

/** By category index, then by length: how many runs of free standard seats of one category stand side by side. */
export function freeRuns(seating: Seating, look: Look, where: Where): Int32Array[] {
  const runs = seating.categories.map(() => new Int32Array(seating.longestRow + 1))
  for (const { category, rows } of partsIn(seating, where)) {
    for (const row of rows) countRuns(seating, look, row, category, runs[category]!)
  }
  return runs
}

function countRuns(seating: Seating, look: Look, row: number, category: number, runs: Int32Array): void {
  const states = look(row)
  const shift = seating.starts[row]! - 1
  const behind = lengthOf(seating, row) + 1
  let run = 0
  for (let at = 1; at <= behind; at++) {
    if (isFree(states, at) && seating.categoryOf[at + shift] === category) run++
    else {
      if (run > 0) runs[run]!++
      run = 0
    }
  }
}
