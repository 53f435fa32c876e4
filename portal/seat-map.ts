import type { Section, Show } from './catalogue.ts'
import { boxAround, boxCorners, colorOf, inkOn, type Point, round, shapeOf } from './drawing.ts'
import { facing } from './facing.ts'
import type { Seat, SeatKind } from './seats.ts'
import type { Words } from './words.ts'

export interface SeatMapView {
  label: string
  viewBox: string
  width: number
  height: number
  radius: number
  groups: Array<{ color: string; ink: string; seats: Array<{ seatNo: number; x: number; y: number; kind: SeatKind }> }>
  taken: Array<Point & { seatNo: number }>
  rowNames: Array<{ name: string; x: number; y: number }>
  /** Where the front is, when the map is turned so that it is above. */
  front: { text: string; x: number; y: number } | undefined
}

/** A finger needs this much from seat to seat; the map scrolls when it gets wider than the page. */
const SEAT_PITCH_PX = 30
const MARGIN_SEATS = 2.2
const RADIUS_SHARE = 0.41

/** The seats of one section, as somebody sees them who stands behind the last row: the stage is above. */
export function seatMapView(words: Words, show: Show, section: Section, plan: Seat[]): SeatMapView {
  const { seats, turned } = facing(plan, focusOf(show))
  const pitch = pitchOf(seats)
  const box = boxAround(seats)
  const margin = pitch * MARGIN_SEATS
  const [width, height] = [box.right - box.left + 2 * margin, box.bottom - box.top + 2 * margin]
  const scale = SEAT_PITCH_PX / pitch
  return {
    label: words.section.mapLabel(section.name),
    viewBox: [box.left - margin, box.top - margin, width, height].map(round).join(' '),
    width: Math.ceil(width * scale),
    height: Math.ceil(height * scale),
    radius: round(pitch * RADIUS_SHARE),
    groups: groupsOf(show, section, seats),
    taken: seats.filter(({ free }) => !free).map((seat) => ({ seatNo: seat.seatNo, ...placeOf(seat) })),
    rowNames: rowNames(seats, pitch),
    front: turned ? { text: words.section.front, x: round((box.left + box.right) / 2), y: round(box.top - pitch * 1.3) } : undefined
  }
}

/** The middle of what is no seat: stage, pitch, floor. Without any, the middle of the plan. */
function focusOf({ shapes, sections, width, height }: Show): Point {
  const names = new Set(sections.map(({ name }) => name))
  const scenery = shapes.filter(({ section }) => !names.has(section ?? ''))
  if (scenery.length === 0) return { x: width / 2, y: height / 2 }
  const { left, top, right, bottom } = boxAround(scenery.flatMap((drawing) => boxCorners(shapeOf(drawing).box)))
  return { x: (left + right) / 2, y: (top + bottom) / 2 }
}

function groupsOf(show: Show, section: Section, seats: Seat[]): SeatMapView['groups'] {
  const colors = new Map(show.prices.map(({ category, color }) => [category, colorOf(color)]))
  const free = Map.groupBy(
    seats.filter((seat) => seat.free),
    ({ category }) => category
  )
  return [...free].map(([category, members]) => {
    const color = colors.get(category) ?? colorOf(section.color)
    return { color, ink: inkOn(color), seats: members.map((seat) => ({ seatNo: seat.seatNo, kind: seat.kind, ...placeOf(seat) })) }
  })
}

/** At both ends of every row, one seat away from the last seat, in the direction the row runs. */
function rowNames(seats: Seat[], pitch: number): SeatMapView['rowNames'] {
  return [...Map.groupBy(seats, ({ row }) => row)].flatMap(([name, row]) => {
    const [first, second, last] = [row[0]!, row[1], row.at(-1)!]
    if (!second) return []
    const before = beyond(second, first, pitch)
    const after = beyond(row.at(-2)!, last, pitch)
    return [
      { name, ...before },
      { name, ...after }
    ]
  })
}

function beyond(from: Point, to: Point, pitch: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  return placeOf({ x: to.x + ((to.x - from.x) / length) * pitch * 1.1, y: to.y + ((to.y - from.y) / length) * pitch * 1.1 })
}

/** The distance between neighbours in a row; plans have no unit. */
function pitchOf(seats: Seat[]): number {
  const gaps = seats
    .slice(1)
    .flatMap((seat, i) => (seat.row === seats[i]!.row ? [Math.hypot(seat.x - seats[i]!.x, seat.y - seats[i]!.y)] : []))
    .filter((gap) => gap > 0)
    .sort((a, b) => a - b)
  return gaps[Math.floor(gaps.length / 4)] ?? 12
}

function placeOf({ x, y }: Point): Point {
  return { x: round(x), y: round(y) }
}
