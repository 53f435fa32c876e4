import type { Point } from './drawing.ts'
import type { Seat } from './seats.ts'

/** Rows that agree this much in direction (0 to 1) are parallel; those around a horseshoe are not. */
const PARALLEL = 0.88

/**
 * Turns the seats of a section so that its rows lie flat and the focus of the
 * venue is above: a stand at the side of a stadium reads like one in front of it.
 * Where rows run in all directions nothing is turned.
 */
export function facing(seats: Seat[], focus: Point): { seats: Seat[]; turned: boolean } {
  const angle = rowAngle(seats)
  if (angle === undefined) return { seats, turned: false }
  const middle = meanOf(seats)
  const ahead = turn({ x: focus.x - middle.x, y: focus.y - middle.y }, -angle)
  const by = ahead.y > 0 ? Math.PI - angle : -angle
  return { seats: seats.map((seat) => ({ ...seat, ...turn({ x: seat.x - middle.x, y: seat.y - middle.y }, by) })), turned: true }
}

/** The direction all rows share, as an angle of a line and not of an arrow, or undefined. */
function rowAngle(seats: Seat[]): number | undefined {
  let [x, y, weight] = [0, 0, 0]
  for (const row of Map.groupBy(seats, (seat) => seat.row).values()) {
    const [first, last] = [row[0]!, row.at(-1)!]
    const length = Math.hypot(last.x - first.x, last.y - first.y)
    const twice = 2 * Math.atan2(last.y - first.y, last.x - first.x) // a line and its reverse become one direction
    x += length * Math.cos(twice)
    y += length * Math.sin(twice)
    weight += length
  }
  if (weight === 0 || Math.hypot(x, y) / weight < PARALLEL) return undefined
  return Math.atan2(y, x) / 2
}

function turn({ x, y }: Point, angle: number): Point {
  return { x: x * Math.cos(angle) - y * Math.sin(angle), y: x * Math.sin(angle) + y * Math.cos(angle) }
}

function meanOf(points: Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 })
  return { x: sum.x / points.length, y: sum.y / points.length }
}
