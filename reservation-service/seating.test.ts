import fc from 'fast-check'
import t from 'tap'
import { drawings, drawn } from './given-seating.ts'
import { type SeatRow, seatingOf } from './seating.ts'

const PITCH_PX = 13
const ROW_GAP_PX = 20 // less than 1.6 pitches: only the direction tells two rows of one label apart

t.test('rows come out as they were drawn, split at the aisles', async (t) => {
  fc.assert(
    fc.property(drawings('aaaaab.c '), (drawing) => {
      const rows = drawn(drawing)
      return same(found(rows.flat()), rows.map(numbers))
    }),
    { numRuns: 1_000 }
  )
  t.pass()
})

t.test('curved, turned and uneven rows come out as drawn, in whichever order the file lists their seats', async (t) => {
  fc.assert(
    fc.property(stands, fc.constantFrom(...ORDERS), (rows, listed) => {
      const seats = numbered(rows.map((row) => listed(row).flat()))
      const expected = rows.flat().map((row) => numbers(row.map((seat) => seats.get(seat)!)))
      return same(found([...seats.values()]), expected)
    }),
    { numRuns: 1_000 }
  )
  t.pass()
})

t.test('a box is two rows, one behind the other, though both carry its number', async (t) => {
  const box = (listed: number[]) =>
    found(listed.map((place, i) => at(i + 1, '1', (place % 3) * PITCH_PX, Math.floor(place / 3) * ROW_GAP_PX)))

  t.strictSame(box([0, 1, 2, 3, 4, 5]), [
    [1, 2, 3],
    [4, 5, 6]
  ])
  t.strictSame(
    box([0, 1, 2, 5, 4, 3]),
    [
      [1, 2, 3],
      [4, 5, 6]
    ],
    'numbered round and round'
  )
  t.strictSame(
    box([0, 3, 1, 4, 2, 5]),
    [
      [1, 3, 5],
      [2, 4, 6]
    ],
    'numbered column by column'
  )
})

t.test('the same row label twice in a section is two rows, and in two sections too', async (t) => {
  const row = (from: number, section: number, x: number, y: number) =>
    Array.from({ length: 3 }, (_, i) => ({ ...at(from + i, 'A', x + i * PITCH_PX, y), section_no: section }))

  t.strictSame(found([...row(1, 1, 0, 0), ...row(4, 1, 0, 500), ...row(7, 2, 3 * PITCH_PX, 0)]), [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9]
  ])
})

t.test('two seats of a row stand together or apart as the rest of their section does', async (t) => {
  const wide = found([at(1, 'A', 0, 0), at(2, 'A', PITCH_PX, 0), at(3, 'A', 2 * PITCH_PX, 0), at(4, 'B', 0, 20), at(5, 'B', 40, 20)])

  t.strictSame(wide, [[1, 2, 3], [4], [5]])
  t.strictSame(found([at(1, 'A', 0, 0), at(2, 'A', 40, 0)]), [[1, 2]], 'with nobody else to compare them with')
})

t.test('a plan without positions has its rows in the order of the file', async (t) => {
  t.strictSame(found([at(1, 'A', 0, 0), at(2, 'A', 0, 0), at(3, 'A', 0, 0), at(4, 'B', 0, 0)]), [[1, 2, 3], [4]])
  t.strictSame(found([]), [])
})

t.test('a hundred thousand seats under one label, many in one place, are taken in in time', async (t) => {
  const seats = Array.from({ length: 100_000 }, (_, i) => at(i + 1, 'A', 25 * (i % 1_000), 0))
  const began = performance.now()

  const { rows } = seatingOf(seats)

  t.ok(performance.now() - began < 10_000)
  t.equal(
    rows.reduce((sum, { seatNos }) => sum + seatNos.length, 0),
    100_000,
    'and nobody is lost'
  )
})

interface Spot {
  x: number
  y: number
}

/** Rows around a centre, each of one or two blocks, turned by any angle, every seat a little off its place. */
const stands = fc
  .record({
    turn: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
    radius: fc.integer({ min: 250, max: 2_000 }),
    rows: fc.array(fc.array(fc.integer({ min: 2, max: 12 }), { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 }),
    offs: fc.array(fc.double({ min: -0.6, max: 0.6, noNaN: true }), { minLength: 7, maxLength: 7 })
  })
  .map(({ turn, radius, rows, offs }) =>
    rows.map((blocks, row) => {
      let walked = 0
      return blocks.map((seats, block) =>
        Array.from({ length: seats }, (_, i): Spot => {
          const off = offs[(row + block + i) % offs.length]!
          walked += (i === 0 && block > 0 ? 2.5 * PITCH_PX : PITCH_PX) + 2 * off
          const angle = turn + walked / (radius + row * ROW_GAP_PX)
          return { x: (radius + row * ROW_GAP_PX + off) * Math.cos(angle), y: (radius + row * ROW_GAP_PX + off) * Math.sin(angle) }
        })
      )
    })
  )

/** How files list a row: as it stands, backwards, odd numbers first, or 1 and 2 in the middle and outwards by number. */
const ORDERS: Array<(row: Spot[][]) => Spot[][]> = [
  (row) => row,
  (row) => [row.flat().toReversed()],
  (row) => [row.flat().filter((_, i) => i % 2 === 0), row.flat().filter((_, i) => i % 2 === 1)],
  (row) => [row.flat().toSorted((a, b) => fromMiddle(row, a) - fromMiddle(row, b))]
]

function fromMiddle(row: Spot[][], spot: Spot): number {
  const i = row.flat().indexOf(spot) - (row.flat().length >> 1)
  return i < 0 ? -2 * i - 1 : 2 * i
}

function numbered(rows: Spot[][]): Map<Spot, SeatRow> {
  return new Map(
    rows
      .flatMap((row, i) => row.map((spot) => ({ spot, label: String(i) })))
      .map(({ spot, label }, i) => [spot, at(i + 1, label, spot.x, spot.y)])
  )
}

function at(seat_no: number, row_label: string, x: number, y: number): SeatRow {
  return { seat_no, section_no: 1, row_label, category: 'a', x, y, kind: 'standard', accessible_no: null }
}

function found(seats: SeatRow[]): number[][] {
  return seatingOf(seats).rows.map(({ seatNos }) => seatNos)
}

function numbers(seats: SeatRow[]): number[] {
  return seats.map(({ seat_no }) => seat_no)
}

/** The same rows, from whichever end and in whichever order. */
function same(rows: number[][], expected: number[][]): boolean {
  const known = (row: number[]) => (row[0]! <= row.at(-1)! ? row : row.toReversed()).join()
  return rows.map(known).sort().join(';') === expected.map(known).sort().join(';')
}
