import { type Arc, type Curve, cut, outline, type Point, pointAt, spread, wider } from './curve.ts'

/** Every venue is drawn to the same scale. */
export const PX_PER_METRE = 24

const SEAT_GAP_PX = 13
const ROW_GAP_PX = 20
const AISLE_PX = 14 // half of it is left free at each end of a row
const OUTLINE_POINTS = 20

export interface Seat extends Point {
  label: string
  category: string
}

export interface Section {
  name: string
  rows: Array<{ label: string; seats: Seat[] }>
  outline: Point[]
}

interface Stand {
  name: string
  category: string
  /** The line of the first row; the others lie behind it. */
  curve: Curve
  arc: Arc
  rows: string[]
  /** `odd-even`: the middle of the row is 1 and 2, odd numbers go left, as in Chilean theatres. */
  numbers: 'left-to-right' | 'odd-even'
}

/** Curved rows, one behind the other, each with as many seats as its length takes. People face the centre. */
export function stand({ name, category, curve, arc, rows, numbers }: Stand): Section {
  const behind = (row: number) => wider(curve, row * ROW_GAP_PX)
  return {
    name,
    rows: rows.map((label, row) => ({
      label,
      seats: numbered(spread(behind(row), arc, SEAT_GAP_PX, AISLE_PX).reverse(), category, numbers)
    })),
    outline: [
      ...outline(wider(curve, -ROW_GAP_PX / 2), arc, OUTLINE_POINTS),
      ...outline(behind(rows.length - 0.5), arc, OUTLINE_POINTS).reverse()
    ]
  }
}

/** A ring of stands of equal width; `name` and `category` are asked for each, counted from 1. */
export function ring(
  ring: Pick<Stand, 'curve' | 'arc' | 'rows'> & { stands: number; of: (stand: number) => Pick<Stand, 'name' | 'category'> }
): Section[] {
  return cut(ring.curve, ring.arc, ring.stands).map((arc, i) =>
    stand({ ...ring.of(i + 1), curve: ring.curve, arc, rows: ring.rows, numbers: 'left-to-right' })
  )
}

const BOX_SEATS_WIDE = 3
const BOX_ROWS = 2

/**
 * Boxes side by side along a line, each a straight little block turned to the
 * centre. Its number stands where a row has its letter.
 *
 * @param first - The number of the box furthest to the left.
 */
export function boxes(
  { name, category, curve, arc }: Pick<Stand, 'name' | 'category' | 'curve' | 'arc'>,
  first: number,
  count: number
): Section {
  return {
    name,
    rows: cut(curve, arc, count)
      .reverse()
      .map((piece, i) => ({ label: String(first + i), seats: boxSeats(curve, (piece.from + piece.to) / 2, category) })),
    outline: [...outline(wider(curve, -14), arc, OUTLINE_POINTS), ...outline(wider(curve, 34), arc, OUTLINE_POINTS).reverse()]
  }
}

function boxSeats(curve: Curve, degrees: number, category: string): Seat[] {
  const middle = pointAt(curve, degrees)
  const [near, far] = [pointAt(curve, degrees - 0.5), pointAt(curve, degrees + 0.5)]
  const length = Math.hypot(near.x - far.x, near.y - far.y)
  const [right, back] = [
    { x: (near.x - far.x) / length, y: (near.y - far.y) / length },
    { x: (far.y - near.y) / -length, y: (far.x - near.x) / length }
  ]
  return Array.from({ length: BOX_SEATS_WIDE * BOX_ROWS }, (_, i) => {
    const [column, row] = [(i % BOX_SEATS_WIDE) - (BOX_SEATS_WIDE - 1) / 2, Math.floor(i / BOX_SEATS_WIDE)]
    return {
      x: middle.x + SEAT_GAP_PX * column * right.x - ROW_GAP_PX * row * back.x,
      y: middle.y + SEAT_GAP_PX * column * right.y - ROW_GAP_PX * row * back.y,
      label: String(i + 1),
      category
    }
  })
}

function numbered(points: Point[], category: string, numbers: Stand['numbers']): Seat[] {
  const left = Math.ceil(points.length / 2)
  const label = (i: number) => (numbers === 'left-to-right' ? i + 1 : i < left ? 2 * (left - i) - 1 : 2 * (i - left) + 2)
  return points.map((point, i) => ({ ...point, label: String(label(i)), category }))
}

/** `A, B, C...`, or `1, 2, 3...` */
export function letters(count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, i) => String.fromCharCode(65 + first + i))
}

export function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i + 1))
}
