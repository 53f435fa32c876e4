import { findAccessible } from './accessible-seats.ts'
import {
  type Aim,
  aimLike,
  groupAt,
  isNearer,
  type Look,
  leastFar,
  lookKept,
  type Near,
  nothingFound,
  nowhere,
  searchRow
} from './groups.ts'
import type { IsTaken, Point, Seating } from './seating.ts'

/**
 * What a buyer may take instead of the seats they chose: groups equal to them (as
 * many seats of each category, side by side in one row), nearest to them first,
 * none overlapping another, none of them taken, none making an avoidable orphan.
 * For accessible seats with companions, all of one category: as many of each. For
 * accessible seats or companions chosen together with standard seats: none.
 *
 * @param seatNos - Seats the plan does not have are passed over.
 * @returns At most `max` groups, each of ascending seat numbers, never the choice itself.
 */
export function findAlternatives(seating: Seating, isTaken: IsTaken, seatNos: number[], max: number): number[][] {
  const places = seatNos.map((seatNo) => seating.places[seatNo] ?? 0).filter((place) => place > 0)
  const standard = places.filter((place) => seating.standard[place] === 1).length
  if (places.length === 0) return []
  if (standard === 0) return accessibleInstead(seating, isTaken, places, max)
  return standard === places.length ? standardInstead(seating, isTaken, places, max) : []
}

function standardInstead(seating: Seating, isTaken: IsTaken, places: number[], max: number): number[][] {
  const offered = new Set<number>()
  const without = (first: number) => {
    const group = places.map((_, i) => first + i)
    return group.some((place) => offered.has(place)) || group.every((place) => places.includes(place))
  }
  const aim: Aim = { ...aimLike(seating, places, middleOfAll(seating, places)), without }
  const rows = rowsByNearness(seating, aim, seating.categoryOf[places[0]!]!)
  const look = lookKept(seating, isTaken)
  const groups: number[][] = []
  while (groups.length < max) {
    const { first } = nearestAllowed(seating, look, rows, aim)
    if (first === 0) break
    for (let place = first; place < first + aim.quantity; place++) offered.add(place)
    groups.push(groupAt(seating, first, aim.quantity))
  }
  return groups
}

interface FarRow {
  row: number
  far: number
}

/** Every group holds the first seat's category, so the rows with that category are all there are. */
function rowsByNearness(seating: Seating, { focus, quantity }: Aim, category: number): FarRow[] {
  return seating.parts
    .filter((part) => part.category === category)
    .flatMap(({ rows }) => rows)
    .map((row) => ({ row, far: leastFar(seating.boxes[row]!, focus, quantity) }))
    .sort((a, b) => a.far - b.far)
}

/** In a row where any group makes no orphan, only such groups are allowed. */
function nearestAllowed(seating: Seating, look: Look, rows: FarRow[], aim: Aim): Near {
  let best = nowhere()
  for (const { row, far } of rows) {
    if (far > best.far) break
    const found = nothingFound()
    searchRow(seating, look, row, aim, found)
    const near = found.cleanThere ? found.clean : found.any
    if (isNearer(seating, aim.quantity, near.far, near.first, best)) best = near
  }
  return best
}

function accessibleInstead(seating: Seating, isTaken: IsTaken, places: number[], max: number): number[][] {
  const asked = places.map((place) => seating.seatNos[place]!).sort((a, b) => a - b)
  const [category, ...others] = new Set(places.map((place) => seating.categories[seating.categoryOf[place]!]!))
  if (category === undefined || others.length > 0) return []
  const accessible = seating.spots.filter(({ seat }) => asked.includes(seat.seat_no)).length
  const passed = new Set<number>()
  const groups: number[][] = []
  while (groups.length < max) {
    const party = { quantity: places.length, accessible, category }
    const group = findAccessible(seating, (seatNo) => passed.has(seatNo) || isTaken(seatNo), party, middleOfAll(seating, places))
    if (!group) break
    for (const seatNo of group) passed.add(seatNo)
    if (group.join() !== asked.join()) groups.push(group)
  }
  return groups
}

function middleOfAll(seating: Seating, places: number[]): Point {
  const sum = (sums: Float64Array) => places.reduce((total, place) => total + sums[place + 1]! - sums[place]!, 0)
  return { x: sum(seating.xSums) / places.length, y: sum(seating.ySums) / places.length }
}
