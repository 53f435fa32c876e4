import type { Box, IsTaken, Point, Seating } from './seating.ts'

/** What stands in a place of a row: nothing beyond its ends, a free standard seat, another free seat, a seat that cannot be had. */
const NOTHING = 0
const FREE = 1
const FREE_OTHER = 2
const TAKEN = 3

/** Sums of fractions are a little off; a box is only passed over when it is farther by more than that. */
const ROUNDING = 1 + 1e-9

/** Which groups are looked for: free standard seats side by side in one row. */
export interface Aim {
  quantity: number
  /** By category index: how many of the seats. */
  counts: Int32Array
  /** True: of more than one category. */
  mixed: boolean
  focus: Point
  /** Groups to leave out, by the place of their first seat. They still count as groups that could be had. */
  without?: (first: number) => boolean
}

/** A group by the place of its first seat, which is 0 while there is none. `far` is the square of its distance times its size. */
export interface Near {
  far: number
  first: number
}

/** The nearest group that makes no orphan, the nearest of all, and whether any group at all makes none. */
export interface Found {
  clean: Near
  any: Near
  cleanThere: boolean
}

export function nothingFound(): Found {
  return { clean: nowhere(), any: nowhere(), cleanThere: false }
}

export function nowhere(): Near {
  return { far: Number.POSITIVE_INFINITY, first: 0 }
}

/** An aim at one category. */
export function aimAt(seating: Seating, category: number, quantity: number, focus: Point): Aim {
  const counts = new Int32Array(seating.categories.length)
  counts[category] = quantity
  return { quantity, counts, mixed: false, focus }
}

/** An aim at as many seats of each category as these places have. */
export function aimLike(seating: Seating, places: number[], focus: Point): Aim {
  const counts = new Int32Array(seating.categories.length)
  for (const place of places) counts[seating.categoryOf[place]!]!++
  return { quantity: places.length, counts, mixed: counts.filter((count) => count > 0).length > 1, focus }
}

/** How a row stands: its first seat at 1, with nothing before it and behind its last. */
export type Look = (row: number) => Uint8Array

/** Looks at each row when asked, in one buffer: what it gave before is gone. */
export function lookOnce(seating: Seating, isTaken: IsTaken): Look {
  const states = new Uint8Array(seating.longestRow + 2)
  return (row) => lookAt(seating, row, isTaken, states)
}

/** Looks at each row the first time it is asked for, and gives the same again: for several searches of one plan. */
export function lookKept(seating: Seating, isTaken: IsTaken): Look {
  const kept: Uint8Array[] = []
  return (row) => {
    kept[row] ??= lookAt(seating, row, isTaken, new Uint8Array(lengthOf(seating, row) + 2))
    return kept[row]
  }
}

function lookAt(seating: Seating, row: number, isTaken: IsTaken, states: Uint8Array): Uint8Array {
  const start = seating.starts[row]!
  const length = lengthOf(seating, row)
  states[0] = NOTHING
  for (let i = 0; i < length; i++) {
    states[i + 1] = isTaken(seating.seatNos[start + i]!) ? TAKEN : seating.standard[start + i] === 1 ? FREE : FREE_OTHER
  }
  states[length + 1] = NOTHING
  return states
}

export function lengthOf({ starts }: Seating, row: number): number {
  return starts[row + 1]! - starts[row]! - 1
}

export function take(states: Uint8Array, at: number): void {
  states[at] = TAKEN
}

export function isFree(states: Uint8Array, at: number): boolean {
  return states[at] === FREE
}

/** Whether a single free standard seat stands here between two that cannot be had. */
export function isOrphan(states: Uint8Array, at: number): boolean {
  return states[at] === FREE && states[at - 1] === TAKEN && states[at + 1] === TAKEN
}

/** Looks through a row and keeps what is nearer than what was found before. */
export function searchRow(seating: Seating, look: Look, row: number, aim: Aim, found: Found): void {
  const states = look(row)
  const { quantity, counts, focus, without } = aim
  const shift = seating.starts[row]! - 1
  const end = lengthOf(seating, row)
  const [focusX, focusY] = [focus.x * quantity, focus.y * quantity]
  let run = 0
  for (let last = 1; last <= end; last++) {
    run = states[last] === FREE && counts[seating.categoryOf[last + shift]!]! > 0 ? run + 1 : 0
    if (run < quantity) continue
    const at = last - quantity + 1
    const first = at + shift
    if (aim.mixed && !isMix(seating, first, aim)) continue
    const clean = !strands(states, at, last)
    if (clean) found.cleanThere = true
    if (without?.(first)) continue
    const dx = seating.xSums[first + quantity]! - seating.xSums[first]! - focusX
    const dy = seating.ySums[first + quantity]! - seating.ySums[first]! - focusY
    const far = dx * dx + dy * dy
    if (isNearer(seating, quantity, far, first, found.any)) found.any = { far, first }
    if (clean && isNearer(seating, quantity, far, first, found.clean)) found.clean = { far, first }
  }
}

/** Whether taking these places of a row would leave a single free seat beside them. */
function strands(states: Uint8Array, first: number, last: number): boolean {
  return (states[first - 1] === FREE && states[first - 2] === TAKEN) || (states[last + 1] === FREE && states[last + 2] === TAKEN)
}

function isMix(seating: Seating, first: number, { quantity, counts }: Aim): boolean {
  const left = counts.slice()
  for (let place = first; place < first + quantity; place++) {
    if (--left[seating.categoryOf[place]!]! < 0) return false
  }
  return true
}

/** Nearer, or as near and with the lower seat numbers. */
export function isNearer(seating: Seating, quantity: number, far: number, first: number, than: Near): boolean {
  if (far !== than.far) return far < than.far
  if (than.first === 0) return false
  const [ours, theirs] = [groupAt(seating, first, quantity), groupAt(seating, than.first, quantity)]
  const i = ours.findIndex((seatNo, i) => seatNo !== theirs[i])
  return i >= 0 && ours[i]! < theirs[i]!
}

/** The seats of a group, ascending. */
export function groupAt(seating: Seating, first: number, quantity: number): number[] {
  return Array.from(seating.seatNos.subarray(first, first + quantity)).sort((a, b) => a - b)
}

export function middleOf(seating: Seating, first: number, quantity: number): Point {
  return {
    x: (seating.xSums[first + quantity]! - seating.xSums[first]!) / quantity,
    y: (seating.ySums[first + quantity]! - seating.ySums[first]!) / quantity
  }
}

/** The least `far` that a group of this size within the box can have. */
export function leastFar({ left, top, right, bottom }: Box, { x, y }: Point, quantity: number): number {
  const dx = Math.max(left - x, 0, x - right) * quantity
  const dy = Math.max(top - y, 0, y - bottom) * quantity
  return (dx * dx + dy * dy) / ROUNDING
}
