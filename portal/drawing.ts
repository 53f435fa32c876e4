/** An area of a seating plan as it is stored: every coordinate absolute, in the plan's pixels; colours are checked. */
export interface Drawing {
  section?: string | null
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

export interface Point {
  x: number
  y: number
}

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** What a view draws: an SVG path, and a text where the plan has one. */
export interface Shape {
  path: string
  rotate: string
  fill: string
  stroke: string
  text: string
  textX: number
  textY: number
  textFill: string
  fontPx: number
  box: Box
}

const COLOR = /^#[0-9a-f]{6}$/i
const NEUTRAL = '#dde1e7'
const DARK_INK = '#14181f'
const LETTER_WIDTH = 0.62 // of its height, on average

export function colorOf(color: string | undefined, otherwise = NEUTRAL): string {
  return color !== undefined && COLOR.test(color) ? color.toLowerCase() : otherwise
}

/** Dark or light, whichever contrasts more with `color`. */
export function inkOn(color: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.2 ? DARK_INK : '#ffffff'
}

export function shapeOf(drawing: Drawing): Shape {
  const { x, y, rotation, text = '', textX, textY, textSize } = drawing
  const box = boxAround(outlineOf(drawing))
  const fill = colorOf(drawing.color)
  return {
    path: pathOf(drawing),
    rotate: rotation ? `rotate(${round(rotation)} ${round(x)} ${round(y)})` : '',
    fill,
    stroke: colorOf(drawing.borderColor, fill),
    text,
    textX: round(textX ?? (box.left + box.right) / 2),
    textY: round(textY ?? (box.top + box.bottom) / 2),
    textFill: colorOf(drawing.textColor, inkOn(fill)),
    fontPx: textSize ?? fontFitting(text, box),
    box
  }
}

/** The largest letters with which `text` stays inside `box`, at most `share` of its height. */
export function fontFitting(text: string, { left, top, right, bottom }: Box, share = 0.45): number {
  const wide = (right - left) / Math.max(1, text.length * LETTER_WIDTH)
  return round(Math.min((bottom - top) * share, wide))
}

export function polygonOf(points: Point[]): string {
  return `M${points.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}Z`
}

export function boxAround(points: Point[]): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x)
    box.top = Math.min(box.top, y)
    box.right = Math.max(box.right, x)
    box.bottom = Math.max(box.bottom, y)
  }
  return box
}

export function boxCorners({ left, top, right, bottom }: Box): Point[] {
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom }
  ]
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}

function pathOf(drawing: Drawing): string {
  const { shape, x, y } = drawing
  if (shape === 'text') return ''
  if (shape !== 'circle' && shape !== 'ellipse') return polygonOf(outlineOf(drawing))
  const [rx, ry] = radiiOf(drawing).map(round) as [number, number]
  return `M${round(x - rx)} ${round(y)}a${rx} ${ry} 0 1 0 ${rx * 2} 0a${rx} ${ry} 0 1 0 ${-rx * 2} 0Z`
}

/** The corners of what a drawing covers; of a round one, of the box around it. */
export function outlineOf(drawing: Drawing): Point[] {
  const { shape, x, y, points, width = 0, height = 0 } = drawing
  if (shape === 'polygon' && points && points.length > 2) return points.map(([px, py]) => ({ x: px, y: py }))
  if (shape === 'circle' || shape === 'ellipse') {
    const [rx, ry] = radiiOf(drawing)
    return boxCorners({ left: x - rx, top: y - ry, right: x + rx, bottom: y + ry })
  }
  return boxCorners({ left: x, top: y, right: x + width, bottom: y + height })
}

function radiiOf({ radius = 0, radiusX = radius, radiusY = radius }: Drawing): [number, number] {
  return [radiusX, radiusY]
}
