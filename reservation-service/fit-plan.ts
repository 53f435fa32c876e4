import type { PlanZone, Shape } from './read-areas.ts'
import type { Plan, PlanSeat, PlanSection } from './read-plan.ts'

/** Room around a seat, so that one at the edge is not cut in half. */
const MARGIN_PX = 20

interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

type Fitted = Pick<Plan, 'width' | 'height' | 'sections' | 'seats' | 'shapes'>

/**
 * Boxes the sections, and moves everything so that nothing lies left of or above
 * (0, 0): exports have negative coordinates and seats outside their own page.
 *
 * @param size - The page the file states; the plan is at least as big.
 */
export function fit(size: { width: number; height: number }, zones: PlanZone[], seats: PlanSeat[], shapes: Shape[]): Fitted {
  const boxes = zones.map(() => empty())
  const counts = zones.map(() => 0)
  for (const { sectionNo, x, y } of seats) {
    extend(boxes[sectionNo - 1]!, x - MARGIN_PX, y - MARGIN_PX, x + MARGIN_PX, y + MARGIN_PX)
    counts[sectionNo - 1]!++
  }
  for (const shape of shapes) extend(boxes[shape.sectionNo - 1]!, ...cornersOf(shape))
  zones.forEach(({ x, y }, i) => {
    if (boxes[i]!.left === Number.POSITIVE_INFINITY) extend(boxes[i]!, x, y, x, y)
  })

  const page = { left: 0, top: 0, right: size.width, bottom: size.height }
  for (const { left, top, right, bottom } of boxes) extend(page, left, top, right, bottom)
  const [dx, dy] = [-page.left, -page.top]
  return {
    width: Math.max(1, page.right + dx),
    height: Math.max(1, page.bottom + dy),
    sections: zones.map(({ name }, i) => ({ name, ...movedBox(boxes[i]!, dx, dy), seats: counts[i]! })),
    seats: seats.map((seat) => ({ ...seat, x: seat.x + dx, y: seat.y + dy })),
    shapes: shapes.map((shape) => movedShape(shape, dx, dy))
  }
}

function empty(): Box {
  return {
    left: Number.POSITIVE_INFINITY,
    top: Number.POSITIVE_INFINITY,
    right: Number.NEGATIVE_INFINITY,
    bottom: Number.NEGATIVE_INFINITY
  }
}

function extend(box: Box, left: number, top: number, right: number, bottom: number): void {
  box.left = Math.min(box.left, left)
  box.top = Math.min(box.top, top)
  box.right = Math.max(box.right, right)
  box.bottom = Math.max(box.bottom, bottom)
}

/** Without its rotation: a box for finding and framing, not for hitting. */
function cornersOf({ x, y, width = 0, height = 0, radius = 0, radiusX = radius, radiusY = radius, points }: Shape): Corners {
  if (!points) return [x - radiusX, y - radiusY, x + Math.max(width, radiusX), y + Math.max(height, radiusY)]
  const [xs, ys] = [points.map(([px]) => px), points.map(([, py]) => py)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

type Corners = [left: number, top: number, right: number, bottom: number]

function movedBox({ left, top, right, bottom }: Box, dx: number, dy: number): Omit<PlanSection, 'name' | 'seats'> {
  return { left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy }
}

function movedShape(shape: Shape, dx: number, dy: number): Shape {
  return {
    ...shape,
    x: shape.x + dx,
    y: shape.y + dy,
    ...(shape.points ? { points: shape.points.map(([x, y]): [number, number] => [x + dx, y + dy]) } : {}),
    ...(shape.textX === undefined ? {} : { textX: shape.textX + dx, textY: shape.textY! + dy })
  }
}
