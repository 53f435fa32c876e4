import type { Point } from './curve.ts'
import type { Seat, Section } from './stands.ts'

/** A venue as a few people would describe it; {@link exchangePlan} writes it down seat by seat. */
export interface Venue {
  code: string
  name: string
  categories: Array<{ name: string; color: string }>
  sections: Section[]
  /** What is no seat: stage, pitch, standing floor. Those with the same `zone` are one zone of the plan. */
  drawings: Drawing[]
  /** The zone of drawings that people look at: its middle is what good seats are near to. */
  stage: string
  /** Sections whose last row is reached without steps. */
  stepFree: Section[]
}

export interface Drawing {
  zone: string
  points: Point[]
  color: string
  border?: string
  text?: string
  textSize?: number
  textColor?: string
  /** Where the middle of the text is; the middle of the drawing, if not said. */
  textAt?: Point
}

const MARGIN_PX = 60
const SEAT_RADIUS_PX = 5

/** The venue in the exchange format of seating plans, all coordinates made positive. */
export function exchangePlan(venue: Venue) {
  const { name, categories, sections, drawings } = venue
  const { shift, points } = pageOf(venue)
  const far = shift(highest(points))
  return {
    name,
    categories,
    zones: [
      ...Map.groupBy(drawings, ({ zone }) => zone)
        .entries()
        .map(([zone, group]) => drawnZone(zone, group, shift)),
      ...sections.map((section) => seatedZone(section, categories, shift))
    ],
    size: { width: round(far.x + MARGIN_PX), height: round(far.y + MARGIN_PX) }
  }
}

/** Where the middle of the stage is on the page. */
export function focusOf(venue: Venue): Point {
  const stage = venue.drawings.filter(({ zone }) => zone === venue.stage).flatMap(({ points }) => points)
  const [from, to] = [lowest(stage), highest(stage)]
  return rounded(pageOf(venue).shift({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }))
}

/** Every coordinate of a page is positive. */
function pageOf({ sections, drawings }: Venue) {
  const points = [...sections.flatMap((section) => section.outline), ...drawings.flatMap((drawing) => drawing.points)]
  const corner = lowest(points)
  return { points, shift: (point: Point): Point => ({ x: point.x - corner.x + MARGIN_PX, y: point.y - corner.y + MARGIN_PX }) }
}

/** What the exchange format calls a seat, by the words on its ticket. */
export function guidOf(section: string, row: string, seat: string): string {
  return `${slug(section)}-${slug(row)}-${seat}`
}

function drawnZone(name: string, drawings: Drawing[], shift: (point: Point) => Point) {
  const position = shift(lowest(drawings.flatMap(({ points }) => points)))
  return {
    name,
    zone_id: slug(name),
    position: rounded(position),
    rows: [],
    areas: drawings.map((drawing) => polygon(drawing, shift, position))
  }
}

function seatedZone({ name, rows, outline }: Section, categories: Venue['categories'], shift: (point: Point) => Point) {
  const position = shift(lowest(outline))
  const color = categories.find((category) => category.name === rows[0]!.seats[0]!.category)!.color
  return {
    name,
    zone_id: slug(name),
    position: rounded(position),
    rows: rows.map(({ label, seats }) => rowOf(name, label, seats, shift, position)),
    areas: [polygon({ zone: name, points: outline, color: pale(color), border: color }, shift, position)]
  }
}

function rowOf(section: string, label: string, seats: Seat[], shift: (point: Point) => Point, position: Point) {
  const first = shift(seats[0]!)
  return {
    row_number: label,
    row_number_position: 'both',
    position: rounded(minus(first, position)),
    seats: seats.map((seat) => ({
      seat_guid: guidOf(section, label, seat.label),
      seat_number: seat.label,
      position: rounded(minus(shift(seat), first)),
      category: seat.category,
      radius: SEAT_RADIUS_PX
    }))
  }
}

function polygon({ points, color, border, text, textSize, textColor, textAt }: Drawing, shift: (point: Point) => Point, zone: Point) {
  const position = minus(shift(lowest(points)), zone)
  const own = points.map((point) => minus(minus(shift(point), zone), position))
  const middle = textAt
    ? minus(minus(shift(textAt), zone), position)
    : { x: Math.max(...own.map(({ x }) => x)) / 2, y: Math.max(...own.map(({ y }) => y)) / 2 }
  return {
    shape: 'polygon',
    color,
    border_color: border ?? color,
    rotation: 0,
    position: rounded(position),
    polygon: { points: own.map(rounded) },
    ...(text ? { text: { text, position: rounded(middle), color: textColor ?? '#334155', size: textSize ?? 28 } } : {})
  }
}

function lowest(points: Point[]): Point {
  return { x: Math.min(...points.map(({ x }) => x)), y: Math.min(...points.map(({ y }) => y)) }
}

function highest(points: Point[]): Point {
  return { x: Math.max(...points.map(({ x }) => x)), y: Math.max(...points.map(({ y }) => y)) }
}

function minus(a: Point, b: Point): Point {
  return { x: a.x - b.x, y: a.y - b.y }
}

function round(px: number): number {
  return Math.round(px * 10) / 10
}

function rounded({ x, y }: Point): Point {
  return { x: round(x), y: round(y) }
}

/** Three quarters of the way to white. */
function pale(color: string): string {
  const parts = [1, 3, 5].map((i) => Math.round(255 - (255 - Number.parseInt(color.slice(i, i + 2), 16)) * 0.25))
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

function slug(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
}
