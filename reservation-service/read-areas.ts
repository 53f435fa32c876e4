import {
  colorIn,
  has,
  invalid,
  type Leftovers,
  listIn,
  type Node,
  numberIn,
  optionalNameIn,
  type Point,
  pointIn,
  pointOf,
  sizeIn
} from './plan-values.ts'

const POINTS_MAX = 500
const TURN_DEGREES = 360
const TEXT_CHARS_MAX = 120

/** One drawn area, every coordinate absolute. The column `shapes` in db/postgres/0001 says what each field is. */
export interface Shape {
  sectionNo: number
  section: string
  shape: 'rectangle' | 'circle' | 'ellipse' | 'polygon' | 'text'
  x: number
  y: number
  width?: number
  height?: number
  radius?: number
  radiusX?: number
  radiusY?: number
  points?: Array<[x: number, y: number]>
  rotation?: number
  color?: string
  borderColor?: string
  text?: string
  textX?: number
  textY?: number
  textColor?: string
  textSize?: number
}

export interface PlanZone extends Point {
  sectionNo: number
  name: string
}

const KNOWN = [
  'position',
  'shape',
  'width',
  'height',
  'rectangle',
  'circle',
  'ellipse',
  'polygon',
  'color',
  'border_color',
  'rotation',
  'text'
]

/**
 * @param zone - Where the area's zone lies, and its name.
 * @returns Undefined for a shape this service does not draw; it is noted as left over.
 */
export function readArea(value: unknown, at: string, zone: PlanZone, left: Leftovers): Shape | undefined {
  const node = left.node(value, at, KNOWN)
  const own = pointIn(node, 'position', left)
  const origin = { x: zone.x + own.x, y: zone.y + own.y }
  const form = geometryOf(node, origin, left)
  if (!form) {
    left.note(`${at}.shape (not drawn)`)
    return undefined
  }
  const [color, borderColor] = [colorIn(node, 'color'), colorIn(node, 'border_color')]
  return {
    sectionNo: zone.sectionNo,
    section: zone.name,
    ...origin,
    ...form,
    ...(has(node, 'rotation') ? { rotation: numberIn(node, 'rotation') % TURN_DEGREES } : {}),
    ...(color ? { color } : {}),
    ...(borderColor ? { borderColor } : {}),
    ...textOf(node, origin, left)
  }
}

type Geometry = Pick<Shape, 'shape' | 'width' | 'height' | 'radius' | 'radiusX' | 'radiusY' | 'points'>

function geometryOf(node: Node, origin: Point, left: Leftovers): Geometry | undefined {
  const shape = node.read('shape') ?? inferred(node)
  switch (shape) {
    case 'rectangle': {
      const box = has(node, 'rectangle') ? left.node(node.read('rectangle'), node.place('rectangle'), ['width', 'height']) : node
      return { shape: 'rectangle', width: sizeIn(box, 'width'), height: sizeIn(box, 'height') }
    }
    case 'circle':
      return { shape: 'circle', radius: sizeIn(child(node, 'circle', ['radius'], left), 'radius') }
    case 'ellipse': {
      const ellipse = child(node, 'ellipse', ['radius'], left)
      const radius = child(ellipse, 'radius', ['x', 'y'], left)
      return { shape: 'ellipse', radiusX: sizeIn(radius, 'x'), radiusY: sizeIn(radius, 'y') }
    }
    case 'polygon': {
      const polygon = child(node, 'polygon', ['points'], left)
      const points = listIn(polygon, 'points', POINTS_MAX).map((value, i) => pointOf(value, `${polygon.place('points')}[${i}]`, left))
      return { shape: 'polygon', points: points.map(({ x, y }) => [origin.x + x, origin.y + y]) }
    }
    case 'text':
      return { shape: 'text' }
    default:
      if (typeof shape !== 'string') throw invalid(node.place('shape'), 'not-a-text')
      return undefined
  }
}

/** Older exports leave the shape out and say it by what they bring. */
function inferred(node: Node): Shape['shape'] {
  const named = (['rectangle', 'circle', 'ellipse', 'polygon'] as const).find((shape) => has(node, shape))
  return named ?? (has(node, 'width') ? 'rectangle' : 'text')
}

function child(node: Node, key: string, known: string[], left: Leftovers): Node {
  if (!has(node, key)) throw invalid(node.place(key), 'missing')
  return left.node(node.read(key), node.place(key), known)
}

/** A text is a string, or an object with a place and a colour of its own. An empty one is none. */
function textOf(area: Node, origin: Point, left: Leftovers): Partial<Shape> {
  const value = area.read('text')
  if (typeof value !== 'object' || value === null) {
    const text = optionalNameIn(area, 'text', TEXT_CHARS_MAX)
    return text ? { text, textX: origin.x, textY: origin.y } : {}
  }
  const node = left.node(value, area.place('text'), ['text', 'position', 'color', 'size'])
  const text = optionalNameIn(node, 'text', TEXT_CHARS_MAX)
  if (!text) return {}
  const own = has(node, 'position') ? pointIn(node, 'position', left) : { x: 0, y: 0 }
  const textColor = colorIn(node, 'color')
  return {
    text,
    textX: origin.x + own.x,
    textY: origin.y + own.y,
    ...(textColor ? { textColor } : {}),
    ...(has(node, 'size') ? { textSize: sizeIn(node, 'size') } : {})
  }
}
