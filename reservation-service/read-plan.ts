import { fit } from './fit-plan.ts'
import {
  colorIn,
  has,
  invalid,
  type Leftovers,
  leftovers,
  listIn,
  type Node,
  nameIn,
  optionalNameIn,
  type Point,
  pointIn,
  sizeIn
} from './plan-values.ts'
import { type PlanZone, readArea, type Shape } from './read-areas.ts'

const SEATS_MAX = 100_000
const CATEGORIES_MAX = 100
const ZONES_MAX = 500
const ROWS_MAX = 2_000
const SHAPES_MAX = 5_000
const LABEL_CHARS_MAX = 20
const GUID_CHARS_MAX = 120
const CATEGORY_CHARS_MAX = 60
const DEFAULT_COLOR = '#7a7a7a'

export interface PlanSeat {
  guid: string
  sectionNo: number
  row: string
  seat: string
  category: string
  x: number
  y: number
}

/** The box of everything a section draws. */
export interface PlanSection {
  name: string
  left: number
  top: number
  right: number
  bottom: number
  seats: number
}

/** A seating plan in this service's own words: absolute pixels from (0, 0), seats in the order of the file. */
export interface Plan {
  name: string
  width: number
  height: number
  categories: Array<{ name: string; color: string }>
  sections: PlanSection[]
  seats: PlanSeat[]
  shapes: Shape[]
  ignored: string[]
}

/**
 * Reads a plan in the exchange format. It takes what it knows and names the rest
 * in `ignored`; what it cannot take it refuses with its place in the file.
 *
 * @param file - The parsed JSON. Anything at all may be in it.
 * @throws Refusal `PLAN_INVALID` with `at` and `reason`.
 * @see docs/seating-plans.md
 */
export function readPlan(file: unknown): Plan {
  const left = leftovers()
  const root = left.node(file, '', ['name', 'categories', 'zones', 'size'])
  const name = nameIn(root, 'name')
  const categories = readCategories(root, left)
  const drawing: Drawing = { seats: [], shapes: [], guids: new Map(), categories: new Set(categories.map((category) => category.name)) }
  const zones = listIn(root, 'zones', ZONES_MAX).map((value, i) => readZone(value, i, drawing, left))
  const size = has(root, 'size') ? readSize(root, left) : { width: 0, height: 0 }
  const { seats, shapes } = drawing
  return { name, categories, ...fit(size, zones, seats, shapes), ignored: left.list() }
}

interface Drawing {
  seats: PlanSeat[]
  shapes: Shape[]
  /** Every guid, with the place it was first seen at. */
  guids: Map<string, string>
  categories: ReadonlySet<string>
}

function readSize(root: Node, left: Leftovers): { width: number; height: number } {
  const size = left.node(root.read('size'), 'size', ['width', 'height'])
  return { width: sizeIn(size, 'width'), height: sizeIn(size, 'height') }
}

function readCategories(root: Node, left: Leftovers): Plan['categories'] {
  const names = new Set<string>()
  return listIn(root, 'categories', CATEGORIES_MAX).map((value, i) => {
    const node = left.node(value, `categories[${i}]`, ['name', 'color'])
    const name = nameIn(node, 'name', CATEGORY_CHARS_MAX)
    if (names.has(name)) throw invalid(node.place('name'), 'twice')
    names.add(name)
    return { name, color: colorIn(node, 'color') ?? DEFAULT_COLOR }
  })
}

/** A zone is a section. One without seats lends its shapes to the zone of a show that has its name. */
function readZone(value: unknown, index: number, drawing: Drawing, left: Leftovers): PlanZone {
  const node = left.node(value, `zones[${index}]`, ['name', 'position', 'rows', 'areas'])
  const zone = { sectionNo: index + 1, ...pointIn(node, 'position', left), name: optionalNameIn(node, 'name') ?? `Sector ${index + 1}` }
  listIn(node, 'rows', ROWS_MAX).forEach((row, i) => {
    readRow(row, `${node.place('rows')}[${i}]`, zone, drawing, left)
  })
  if (has(node, 'areas')) {
    listIn(node, 'areas', SHAPES_MAX).forEach((area, i) => {
      const shape = readArea(area, `${node.place('areas')}[${i}]`, zone, left)
      if (shape) drawing.shapes.push(shape)
    })
    if (drawing.shapes.length > SHAPES_MAX) throw invalid(node.place('areas'), 'too-many', { max: SHAPES_MAX })
  }
  return zone
}

function readRow(value: unknown, at: string, zone: PlanZone, drawing: Drawing, left: Leftovers): void {
  const node = left.node(value, at, ['row_number', 'seats', 'position'])
  const row = nameIn(node, 'row_number', LABEL_CHARS_MAX)
  const own = has(node, 'position') ? pointIn(node, 'position', left) : { x: 0, y: 0 }
  const origin = { x: zone.x + own.x, y: zone.y + own.y }
  listIn(node, 'seats', SEATS_MAX).forEach((seat, i) => {
    drawing.seats.push({ ...readSeat(seat, `${at}.seats[${i}]`, origin, drawing, left), sectionNo: zone.sectionNo, row })
  })
  if (drawing.seats.length > SEATS_MAX) throw invalid(`${at}.seats`, 'too-many', { max: SEATS_MAX })
}

function readSeat(value: unknown, at: string, origin: Point, drawing: Drawing, left: Leftovers): Omit<PlanSeat, 'sectionNo' | 'row'> {
  const node = left.node(value, at, ['seat_guid', 'seat_number', 'position', 'category'])
  const guid = nameIn(node, 'seat_guid', GUID_CHARS_MAX)
  const first = drawing.guids.get(guid)
  if (first) throw invalid(node.place('seat_guid'), 'twice', { first })
  drawing.guids.set(guid, at)
  const category = nameIn(node, 'category', CATEGORY_CHARS_MAX)
  if (!drawing.categories.has(category)) throw invalid(node.place('category'), 'unknown-category')
  const own = pointIn(node, 'position', left)
  return { guid, seat: nameIn(node, 'seat_number', LABEL_CHARS_MAX), category, x: origin.x + own.x, y: origin.y + own.y }
}
