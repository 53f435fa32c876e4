/** Seats this many times the usual distance apart have an aisle between them. */
const AISLE_FACTOR = 1.6
/** A row may bend, but not as sharply as from one row to the one behind it: the least cosine of a turn. */
const STRAIGHTNESS_MIN = 0.2
/** How many seats on either side, in the order along the line, may be a seat's neighbour: more than lines lie side by side under one label. */
const REACH = 8
/** Below this many seats a line says nothing about how far apart its seats usually stand; its section does. */
const SEATS_FOR_SPACING = 3
/** The usual distance is that of the quarter that stands nearest: where aisles are many, most seats still have one neighbour. */
const USUAL_SHARE = 0.25

/** A seat in its place; the order of the file is the order of its numbers. */
export interface Placed {
  seat_no: number
  section_no: number
  row_label: string
  x: number
  y: number
}

interface Link<Seat> {
  from: Seat
  to: Seat
  px: number
  inFile: boolean
}

/**
 * Rows as people sit in them: seats of one section and one row label, next to
 * each other without an aisle between, in the order they stand, whichever way
 * the file lists them (odd numbers first, from right to left, two lines under one
 * label). Shortest links first: a seat is linked to at most two others, near
 * enough and in line.
 *
 * @returns Each row beginning at the end with the lower seat number; rows by their lowest seat number.
 */
export function rowsOf<Seat extends Placed>(seats: readonly Seat[]): Seat[][] {
  const ordered = seats.toSorted((a, b) => a.seat_no - b.seat_no)
  return Map.groupBy(ordered, ({ section_no }) => section_no)
    .values()
    .flatMap(rowsOfSection)
    .toArray()
    .sort((a, b) => lowest(a) - lowest(b))
}

function rowsOfSection<Seat extends Placed>(seats: Seat[]): Seat[][] {
  const lines = [...Map.groupBy(seats, ({ row_label }) => row_label).values()].map((line) => {
    const links = linksOf(line)
    return { line, links, nearest: nearestPx(links) }
  })
  const usualPx = usual(lines.flatMap(({ nearest }) => nearest))
  return lines.flatMap(({ line, links, nearest }) => chained(line, links, line.length < SEATS_FOR_SPACING ? usualPx : usual(nearest)))
}

/** Every pair of seats that may be neighbours: those listed one after the other, and those near each other along the line. */
function linksOf<Seat extends Placed>(line: Seat[]): Array<Link<Seat>> {
  const links = line.slice(1).map((to, i) => ({ from: line[i]!, to, px: distancePx(line[i]!, to), inFile: true }))
  const along = alongTheLine(line)
  for (const [i, from] of along.entries()) {
    for (const to of along.slice(i + 1, i + 1 + REACH)) {
      const px = distancePx(from, to)
      if (px > 0) links.push({ from, to, px, inFile: false })
    }
  }
  return links
}

/** By the axis on which the line is longer, then by the other. */
function alongTheLine<Seat extends Placed>(line: Seat[]): Seat[] {
  const [width, height] = [extent(line.map(({ x }) => x)), extent(line.map(({ y }) => y))]
  return width >= height ? line.toSorted((a, b) => a.x - b.x || a.y - b.y) : line.toSorted((a, b) => a.y - b.y || a.x - b.x)
}

/** For each seat that has another one apart from it, how far the nearest of them is. */
function nearestPx<Seat extends Placed>(links: Array<Link<Seat>>): number[] {
  const nearest = new Map<Seat, number>()
  for (const { from, to, px } of links) {
    if (px === 0) continue
    for (const seat of [from, to]) nearest.set(seat, Math.min(px, nearest.get(seat) ?? Number.POSITIVE_INFINITY))
  }
  return [...nearest.values()]
}

function chained<Seat extends Placed>(line: Seat[], links: Array<Link<Seat>>, spacingPx: number): Seat[][] {
  const near = links.filter(({ px }) => px <= AISLE_FACTOR * spacingPx)
  const beside = new Map<Seat, Seat[]>(line.map((seat) => [seat, []]))
  const chainOf = new Map<Seat, Seat>(line.map((seat) => [seat, seat]))
  for (const { from, to } of near.sort((a, b) => a.px - b.px || Number(b.inFile) - Number(a.inFile))) {
    const [before, after] = [beside.get(from)!, beside.get(to)!]
    if (before.length > 1 || after.length > 1 || chain(from, chainOf) === chain(to, chainOf)) continue
    if (!inLine(before[0], from, to) || !inLine(after[0], to, from)) continue
    before.push(to)
    after.push(from)
    chainOf.set(chain(from, chainOf), chain(to, chainOf))
  }
  return walked(line, beside)
}

/** Who speaks for the chain a seat is in. */
function chain<Seat>(seat: Seat, chainOf: Map<Seat, Seat>): Seat {
  let head = seat
  for (let up = chainOf.get(head)!; up !== head; up = chainOf.get(head)!) {
    chainOf.set(head, chainOf.get(up)!)
    head = up
  }
  return head
}

function walked<Seat extends Placed>(line: Seat[], beside: Map<Seat, Seat[]>): Seat[][] {
  const seen = new Set<Seat>()
  const rows: Seat[][] = []
  for (const end of line) {
    if (seen.has(end) || beside.get(end)!.length > 1) continue
    const row: Seat[] = []
    for (let seat: Seat | undefined = end; seat; seat = beside.get(seat)!.find((next) => !seen.has(next))) {
      seen.add(seat)
      row.push(seat)
    }
    rows.push(row)
  }
  return rows
}

/** Two seats in one place point nowhere, so anything is in line with them. */
function inLine(behind: Placed | undefined, from: Placed, to: Placed): boolean {
  if (!behind) return true
  const [ax, ay, bx, by] = [from.x - behind.x, from.y - behind.y, to.x - from.x, to.y - from.y]
  return ax * bx + ay * by >= STRAIGHTNESS_MIN * Math.hypot(ax, ay) * Math.hypot(bx, by)
}

function distancePx(a: Placed, b: Placed): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function extent(values: number[]): number {
  return (
    values.reduce((most, value) => Math.max(most, value), values[0]!) - values.reduce((least, value) => Math.min(least, value), values[0]!)
  )
}

function usual(distancesPx: number[]): number {
  return distancesPx.toSorted((a, b) => a - b)[Math.floor(distancesPx.length * USUAL_SHARE)] ?? 0
}

function lowest(row: Placed[]): number {
  return row.reduce((least, { seat_no }) => Math.min(least, seat_no), Number.POSITIVE_INFINITY)
}
