import type { Where } from './nearest.ts'
import { type IsTaken, nearestFirst, type Point, type Seating, type SeatRow } from './seating.ts'

interface Party extends Where {
  quantity: number
  accessible: number
}

/** A free accessible seat, and which of its companions are free, the nearest first. */
interface FreeSpot extends Point {
  seat_no: number
  seat: SeatRow
  companions: SeatRow[]
}

/**
 * Accessible seats of one section and category, and companions of those for the
 * rest of the party: the accessible seat nearest to the focus around which such a
 * party can sit, then those nearest to it that have companions enough.
 *
 * @returns Ascending seat numbers; undefined: in no section can such a party sit.
 */
export function findAccessible(seating: Seating, isTaken: IsTaken, party: Party, focus: Point): number[] | undefined {
  const others = party.quantity - party.accessible
  if (party.accessible < 1 || others < 0) return undefined
  const roomy = freeSpots(seating, isTaken, party).filter((spots) => companionsAtMost(spots, party.accessible) >= others)
  for (const first of nearestFirst(roomy.flat(), focus)) {
    const spots = roomy.find((group) => group.includes(first))!
    const chosen = around(first, spots, party.accessible, others)
    if (chosen) return seatsOf(chosen, others)
  }
  return undefined
}

/** The largest party with so many accessible seats: all of their companions come along. */
export function mostAccessible(seating: Seating, isTaken: IsTaken, party: Party): number {
  return freeSpots(seating, isTaken, party)
    .filter((spots) => party.accessible > 0 && spots.length >= party.accessible)
    .reduce((most, spots) => Math.max(most, party.accessible + companionsAtMost(spots, party.accessible)), 0)
}

/** Section by section and category by category. */
function freeSpots(seating: Seating, isTaken: IsTaken, { category, sectionNo }: Where): FreeSpot[][] {
  const isWanted = (seat: SeatRow) => !isTaken(seat.seat_no) && (category === undefined || seat.category === category)
  const free = seating.spots
    .filter(({ seat }) => isWanted(seat) && (sectionNo === undefined || seat.section_no === sectionNo))
    .map(({ seat, companions }) => ({ seat_no: seat.seat_no, x: seat.x, y: seat.y, seat, companions: companions.filter(isWanted) }))
  return [...Map.groupBy(free, ({ seat }) => `${seat.section_no} ${seat.category}`).values()]
}

/** How many companions these spots have at most, `accessible` of them taken together. Fewer spots than that: none. */
function companionsAtMost(spots: FreeSpot[], accessible: number): number {
  if (spots.length < accessible) return Number.NEGATIVE_INFINITY
  return sum(
    spots
      .map(({ companions }) => companions.length)
      .sort((a, b) => b - a)
      .slice(0, accessible)
  )
}

/** The nearest spots to the first; while their companions are too few, the one with the fewest gives way to the next that has more. */
function around(first: FreeSpot, spots: FreeSpot[], accessible: number, others: number): FreeSpot[] | undefined {
  const byNearness = nearestFirst(
    spots.filter((spot) => spot !== first),
    first
  )
  const chosen = [first, ...byNearness.slice(0, accessible - 1)]
  for (const next of byNearness.slice(accessible - 1)) {
    if (sum(chosen.map(({ companions }) => companions.length)) >= others) break
    const least = chosen.slice(1).reduce((least, spot) => (spot.companions.length <= least.companions.length ? spot : least), chosen[1]!)
    if (accessible > 1 && least.companions.length < next.companions.length) chosen[chosen.indexOf(least)] = next
  }
  return chosen.length === accessible && sum(chosen.map(({ companions }) => companions.length)) >= others ? chosen : undefined
}

/** The companions nearest to their accessible seats. */
function seatsOf(spots: FreeSpot[], others: number): number[] {
  const companions = spots
    .flatMap(({ seat, companions }) =>
      companions.map((companion) => ({ no: companion.seat_no, px: Math.hypot(companion.x - seat.x, companion.y - seat.y) }))
    )
    .sort((a, b) => a.px - b.px || a.no - b.no)
  return [...spots.map(({ seat_no }) => seat_no), ...companions.slice(0, others).map(({ no }) => no)].sort((a, b) => a - b)
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
