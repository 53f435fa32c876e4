import type { Point } from './drawing.ts'
import type { Dot } from './seats.ts'

/** The smallest convex outline around the seats of every section, by the section's number. */
export function outlinesOf(dots: Dot[]): Map<number, Point[]> {
  const bySection = Map.groupBy(dots, ({ sectionNo }) => sectionNo)
  return new Map([...bySection].map(([sectionNo, points]) => [sectionNo, hullOf(points)]))
}

/** Andrew's monotone chain: the lower side from left to right, the upper side back. */
function hullOf(points: Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y)
  if (sorted.length < 3) return sorted.map(({ x, y }) => ({ x, y }))
  return [...chain(sorted), ...chain(sorted.reverse())]
}

function chain(sorted: Point[]): Point[] {
  const side: Point[] = []
  for (const { x, y } of sorted) {
    while (side.length >= 2 && turn(side.at(-2)!, side.at(-1)!, { x, y }) <= 0) side.pop()
    side.push({ x, y })
  }
  return side.slice(0, -1)
}

function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}
