import { rowsOf } from './rows.ts'

/** A seat of a show, as its plan and the show's accessible seats describe it. */
export interface SeatRow {
  seat_no: number
  section_no: number
  row_label: string
  category: string
  x: number
  y: number
  kind: 'standard' | 'accessible' | 'companion'
  /** Itself for an accessible seat, the seat it accompanies for a companion's. */
  accessible_no: number | null
}

/** Neighbours: seats of one row with no aisle between, in the order they stand. */
export interface Row {
  /** Counted from 1. */
  rowNo: number
  sectionNo: number
  seatNos: number[]
}

export type IsTaken = (seatNo: number) => boolean

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

/** Seats of one section and one category: equal seats, as far as a price goes. */
export interface Part {
  sectionNo: number
  category: number
  /** Indexes of rows with such seats. */
  rows: number[]
  box: Box
}

/** An accessible seat with the seats that are only sold together with it, the nearest first. */
export interface Spot {
  seat: SeatRow
  companions: SeatRow[]
}

/**
 * A plan made ready for searching. Seats have places: the rows one after the
 * other, with one empty place (seat number 0) before, between and behind them.
 */
export interface Seating {
  rows: Row[]
  longestRow: number
  /** Categories by their index. */
  categories: string[]
  /** Equal standard seats, section by section. */
  parts: Part[]
  spots: Spot[]
  /** By seat number: its place; 0 when the plan has no such seat. */
  places: Int32Array
  /** By row index: the place of its first seat, and the box around it. Behind the last row: where another one would begin. */
  starts: Int32Array
  boxes: Box[]
  /** By place: the seat, its row's index, its category's index, and whether it is a standard seat. */
  seatNos: Int32Array
  rowOf: Int32Array
  categoryOf: Uint16Array
  standard: Uint8Array
  /** By place: the sum of the coordinates of the row's seats before it. */
  xSums: Float64Array
  ySums: Float64Array
}

/** Makes the plan of a show ready; once per show, for every search in it. */
export function seatingOf(seats: SeatRow[]): Seating {
  const rows = rowsOf(seats)
  const seating = emptySeating(seats, rows)
  const index = new Map(seating.categories.map((category, i) => [category, i]))
  let place = 1
  seating.starts[0] = place
  rows.forEach((row, i) => {
    for (const seat of row) {
      seating.places[seat.seat_no] = place
      seating.seatNos[place] = seat.seat_no
      seating.rowOf[place] = i
      seating.categoryOf[place] = index.get(seat.category)!
      seating.standard[place] = seat.kind === 'standard' ? 1 : 0
      seating.xSums[place + 1] = seating.xSums[place]! + seat.x
      seating.ySums[place + 1] = seating.ySums[place]! + seat.y
      place++
    }
    place++
    seating.xSums[place] = 0
    seating.ySums[place] = 0
    seating.starts[i + 1] = place
  })
  return seating
}

function emptySeating(seats: SeatRow[], rows: SeatRow[][]): Seating {
  const categories = [...new Set(seats.map(({ category }) => category))]
  const size = seats.length + rows.length + 1
  return {
    rows: rows.map((row, i) => ({ rowNo: i + 1, sectionNo: row[0]!.section_no, seatNos: row.map(({ seat_no }) => seat_no) })),
    longestRow: rows.reduce((longest, { length }) => Math.max(longest, length), 0),
    categories,
    parts: partsOf(rows, categories),
    spots: spotsOf(seats),
    places: new Int32Array(seats.reduce((most, { seat_no }) => Math.max(most, seat_no), 0) + 1),
    starts: new Int32Array(rows.length + 1),
    boxes: rows.map(boxOf),
    seatNos: new Int32Array(size),
    rowOf: new Int32Array(size),
    categoryOf: new Uint16Array(size),
    standard: new Uint8Array(size),
    xSums: new Float64Array(size + 1),
    ySums: new Float64Array(size + 1)
  }
}

function partsOf(rows: SeatRow[][], categories: string[]): Part[] {
  const equals = rows.flatMap((row, index) =>
    [
      ...Map.groupBy(
        row.filter(({ kind }) => kind === 'standard'),
        ({ category }) => category
      )
    ].map(([category, seats]) => ({
      sectionNo: row[0]!.section_no,
      category,
      index,
      seats
    }))
  )
  return Map.groupBy(equals, ({ sectionNo, category }) => `${sectionNo} ${category}`)
    .values()
    .map((group) => ({
      sectionNo: group[0]!.sectionNo,
      category: categories.indexOf(group[0]!.category),
      rows: group.map(({ index }) => index),
      box: boxOf(group.flatMap(({ seats }) => seats))
    }))
    .toArray()
}

function spotsOf(seats: SeatRow[]): Spot[] {
  const companions = Map.groupBy(
    seats.filter(({ kind }) => kind === 'companion'),
    ({ accessible_no }) => accessible_no
  )
  return seats
    .filter(({ kind }) => kind === 'accessible')
    .map((seat) => ({ seat, companions: nearestFirst(companions.get(seat.seat_no) ?? [], seat) }))
}

/** By distance; seats equally near by their number. */
export function nearestFirst<Seat extends Point & { seat_no: number }>(seats: readonly Seat[], to: Point): Seat[] {
  return seats
    .map((seat) => ({ seat, px2: (seat.x - to.x) ** 2 + (seat.y - to.y) ** 2 }))
    .sort((a, b) => a.px2 - b.px2 || a.seat.seat_no - b.seat.seat_no)
    .map(({ seat }) => seat)
}

function boxOf(points: readonly Point[]): Box {
  const box = {
    left: Number.POSITIVE_INFINITY,
    top: Number.POSITIVE_INFINITY,
    right: Number.NEGATIVE_INFINITY,
    bottom: Number.NEGATIVE_INFINITY
  }
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x)
    box.top = Math.min(box.top, y)
    box.right = Math.max(box.right, x)
    box.bottom = Math.max(box.bottom, y)
  }
  return box
}
