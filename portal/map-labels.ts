import { type Box, boxAround, type Point, round } from './drawing.ts'

/** A name on a map: where it stands, how large, and whether it runs along a narrow stand. */
export interface Label {
  text: string
  x: number
  y: number
  fontPx: number
  rotate: string
}

export interface Labelled {
  name: string
  outline: Point[]
}

interface Spot extends Point {
  fontPx: number
  upright: boolean
  /** From 1 in the middle down. */
  merit: number
}

const GRID = 17
const LETTER_WIDTH = 0.62 // of its height, on average
const AIR = 1.5 // a letter's height, and what it needs above and below
const LEGIBLE_SHARE = 0.0125 // of the map's width: smaller letters are not read
const LARGEST_SHARE = 0.022
/** Names lie flat as long as turning them does not make them this much larger. */
const TURN_GAIN = 1.6

/** Where two places allow letters of much the same size, the middle is the better one. */
const MIDDLE_WEIGHT = 0.25

/**
 * Names for the parts of a map, all of one kind: in full where every one can be
 * read, else by their numbers («Pacífico Bajo 12» is 12), else nothing. The list
 * beside the map has all names in full.
 */
export function labelsOf(parts: Labelled[], mapPx: number): Array<Label | undefined> {
  const full = parts.map(({ name, outline }) => spotFor(name, outline, mapPx))
  const everyIsRead = full.every((spot) => spot && spot.fontPx >= mapPx * LEGIBLE_SHARE)
  return parts.map(({ name, outline }, i) => {
    const number = everyIsRead ? undefined : / (\w{1,4})$/.exec(name)?.[1]
    const text = number ?? name
    const spot = number === undefined ? full[i] : spotFor(number, outline, mapPx)
    if (!spot || spot.fontPx < mapPx * LEGIBLE_SHARE) return undefined
    const { x, y, fontPx, upright } = spot
    return { text, x, y, fontPx: round(fontPx), rotate: upright ? `rotate(-90 ${x} ${y})` : '' }
  })
}

/** Where `text` can be written largest inside an outline, and nearest to its middle. */
function spotFor(text: string, outline: Point[], mapPx: number): Spot | undefined {
  const letters = Math.max(1, text.length * LETTER_WIDTH)
  const largest = mapPx * LARGEST_SHARE
  const box = boxAround(outline)
  const turnedOutline = outline.map(turned)
  const spots = gridIn(box).map(({ x, y }) => {
    const [across, along] = [roomAt(outline, x, y), roomAt(turnedOutline, y, x)]
    const aside = Math.hypot(
      (2 * x - box.left - box.right) / (box.right - box.left),
      (2 * y - box.top - box.bottom) / (box.bottom - box.top)
    )
    const merit = 1 - aside * MIDDLE_WEIGHT
    return {
      flat: { x, y, merit, upright: false, fontPx: Math.min(across / letters, along / AIR, largest) },
      upright: { x, y, merit, upright: true, fontPx: Math.min(along / letters, across / AIR, largest) }
    }
  })
  const flat = best(spots.map((spot) => spot.flat))
  const upright = best(spots.map((spot) => spot.upright))
  return flat && upright && upright.fontPx > flat.fontPx * TURN_GAIN ? upright : (flat ?? upright)
}

function best(spots: Spot[]): Spot | undefined {
  let chosen: Spot | undefined
  for (const spot of spots) if (spot.fontPx * spot.merit > (chosen ? chosen.fontPx * chosen.merit : 0)) chosen = spot
  return chosen
}

function gridIn({ left, top, right, bottom }: Box): Point[] {
  const steps = Array.from({ length: GRID }, (_, i) => (i + 1) / (GRID + 1))
  return steps.flatMap((v) => steps.map((u) => ({ x: round(left + (right - left) * u), y: round(top + (bottom - top) * v) })))
}

/** How wide a line centred on the point may be and stay inside; 0 for a point outside. */
function roomAt(outline: Point[], x: number, y: number): number {
  const crossings: number[] = []
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [a, b] = [outline[i]!, outline[j]!]
    if (a.y > y !== b.y > y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x))
  }
  const left = crossings.filter((at) => at <= x)
  if (left.length % 2 === 0) return 0
  return 2 * Math.min(x - Math.max(...left), Math.min(...crossings.filter((at) => at > x)) - x)
}

function turned({ x, y }: Point): Point {
  return { x: y, y: x }
}
