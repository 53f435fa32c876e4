export interface Point {
  x: number
  y: number
}

/** A closed line around `centre`: a circle, an oval (`power` 2), or an oval with flatter sides (`power` above 2). */
export interface Curve {
  centre: Point
  /** Half of its width, in pixels. */
  across: number
  /** Half of its height, in pixels. */
  along: number
  power: number
}

/** From one angle to another, in degrees: 0 is right, 90 is down, as a screen counts. */
export interface Arc {
  from: number
  to: number
}

const STEP_DEGREES = 0.25

export function wider({ across, along, ...curve }: Curve, px: number): Curve {
  return { ...curve, across: across + px, along: along + px }
}

export function pointAt({ centre, across, along, power }: Curve, degrees: number): Point {
  const angle = (degrees * Math.PI) / 180
  const radius = (Math.abs(Math.cos(angle) / across) ** power + Math.abs(Math.sin(angle) / along) ** power) ** (-1 / power)
  return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) }
}

/** The arc cut into pieces of equal length: what a person walking along it would call equal. */
export function cut(curve: Curve, { from, to }: Arc, pieces: number): Arc[] {
  const walk = walked(curve, { from, to })
  const marks = Array.from({ length: pieces + 1 }, (_, i) => walk.degreesAt((walk.length * i) / pieces))
  return marks.slice(1).map((mark, i) => ({ from: marks[i]!, to: mark }))
}

/** As many points as fit on the arc, `gap` apart and centred, with at least `margin` left at both ends. */
export function spread(curve: Curve, arc: Arc, gap: number, margin: number): Point[] {
  const walk = walked(curve, arc)
  const count = Math.max(0, Math.floor((walk.length - 2 * margin) / gap) + 1)
  const first = (walk.length - (count - 1) * gap) / 2
  return Array.from({ length: count }, (_, i) => pointAt(curve, walk.degreesAt(first + i * gap)))
}

/** The line itself as a few points, for drawing. */
export function outline(curve: Curve, { from, to }: Arc, points: number): Point[] {
  return Array.from({ length: points }, (_, i) => pointAt(curve, from + ((to - from) * i) / (points - 1)))
}

function walked(curve: Curve, { from, to }: Arc) {
  const steps = Math.ceil((to - from) / STEP_DEGREES)
  const degrees = Array.from({ length: steps + 1 }, (_, i) => from + ((to - from) * i) / steps)
  const points = degrees.map((angle) => pointAt(curve, angle))
  const lengths = [0]
  for (const [i, point] of points.slice(1).entries()) {
    const before = points[i]!
    lengths.push(lengths[i]! + Math.hypot(point.x - before.x, point.y - before.y))
  }
  return { length: lengths.at(-1)!, degreesAt }

  function degreesAt(length: number): number {
    const i = Math.max(
      1,
      lengths.findIndex((passed) => passed >= length - 1e-9)
    )
    const [before, after] = [lengths[i - 1]!, lengths[i]!]
    return degrees[i - 1]! + ((degrees[i]! - degrees[i - 1]!) * (length - before)) / (after - before)
  }
}
