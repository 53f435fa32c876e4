import fc from 'fast-check'
import t from 'tap'
import { findAlternatives } from './alternatives.ts'
import { drawings, drawn, lettered } from './given-seating.ts'
import { type IsTaken, type SeatRow, seatingOf } from './seating.ts'
import { slowInstead } from './slow-seats.ts'

/** What is offered instead, on rows as drawn. */
type Offer = (rows: SeatRow[][], isTaken: IsTaken, seatNos: number[], max: number) => number[][]

const ours: Offer = (rows, isTaken, seatNos, max) => findAlternatives(seatingOf(rows.flat()), isTaken, seatNos, max)

const SEEDS = [1, 2, 3, 4, 5]
const SHRUNK_SEATS_MAX = 7
const ROUNDING_PX = 1e-6

t.test('instead of seats that cannot be had, equal ones are offered, the nearest first', async (t) => {
  const instead = (drawing: string[][], seatNos: number[], max = 3) => {
    const taken = lettered(drawing, 'x')
    return ours(drawn(drawing), (seatNo) => taken.includes(seatNo), seatNos, max)
  }

  t.strictSame(
    instead([['aaxaaaaa']], [3, 4]),
    [
      [4, 5],
      [1, 2],
      [6, 7]
    ],
    'also with seats of the choice that are free'
  )
  t.strictSame(
    instead([['xaaaaa']], [3, 4]),
    [
      [2, 3],
      [4, 5]
    ],
    'never the choice itself'
  )
  t.strictSame(instead([['xaaa']], [3]), [[2], [4]], 'what was refused for an orphan is offered a seat further')
  t.strictSame(instead([['xx', 'bb'], ['aa']], [1, 2]), [[5, 6]], 'another price is no alternative')
  t.strictSame(instead([['xabb', 'aabb']], [1, 2, 3]), [[5, 6, 7]], 'two of one price and one of another, side by side')
  t.strictSame(instead([['.c', '.c']], [2]), [], 'companions do not come alone')
  t.strictSame(
    instead([[':c', '.c', '.c']], [1, 2]),
    [
      [3, 4],
      [5, 6]
    ],
    'accessible seats with as many companions'
  )
  t.strictSame(instead([[':ca', '.ca']], [1, 3]), [], 'nothing is equal to an accessible and a standard seat')
  t.strictSame(instead([['aa']], [99]), [])
})

t.test('in random plans every offer is the nearest there is, equal, free, allowed and overlaps none before it', async (t) => {
  fc.assert(offers(ours), { numRuns: 4_000 })
  t.pass()
})

t.test('instead of an accessible seat and its companions, others with as many are offered', async (t) => {
  fc.assert(
    fc.property(drawings('...ccc:CCxa '), fc.integer({ min: 1, max: 4 }), (drawing, max) => {
      const rows = drawn(drawing)
      const [taken, chosen] = [lettered(drawing, 'x'), lettered(drawing, ':C')]
      const kinds = (seatNos: number[]) =>
        rows
          .flat()
          .flatMap(({ seat_no, kind }) => (seatNos.includes(seat_no) ? [kind] : []))
          .sort()
          .join()
      const groups = ours(rows, (seatNo) => taken.includes(seatNo), chosen, max)
      const offered = groups.flat()
      return (
        kinds(chosen).includes('standard') ||
        (groups.length <= max &&
          groups.every((group) => kinds(group) === kinds(chosen) && group.join() !== chosen.join()) &&
          new Set(offered).size === offered.length &&
          !offered.some((seatNo) => taken.includes(seatNo)))
      )
    }),
    { numRuns: 1_000 }
  )
  t.pass()
})

t.test('shrinking works: an offer with a planted bug is caught and shrunk to a few seats', async (t) => {
  const broken: Record<string, Offer> = {
    'offers the choice itself': (rows, isTaken, seatNos, max) =>
      seatNos.some(isTaken) ? ours(rows, isTaken, seatNos, max) : [seatNos, ...ours(rows, isTaken, seatNos, max - 1)],
    'forgets what it has offered': (rows, isTaken, seatNos, max) => ours(rows, isTaken, seatNos, max).map((_, __, groups) => groups[0]!),
    'offers another price': (rows, ...rest) =>
      ours(
        rows.map((row) => row.map((seat) => ({ ...seat, category: 'a' }))),
        ...rest
      ),
    'offers what is taken': (rows, _, seatNos, max) => ours(rows, () => false, seatNos, max),
    'stops too early': (rows, isTaken, seatNos, max) => ours(rows, isTaken, seatNos, max - 1),
    'offers the farther first': (rows, isTaken, seatNos, max) => ours(rows, isTaken, seatNos, max).toReversed()
  }

  for (const [bug, offer] of Object.entries(broken)) {
    for (const seed of SEEDS) {
      const { failed, counterexample, numShrinks } = fc.check(offers(offer), { seed, numRuns: 4_000 })
      const seats = drawn(counterexample?.[0] ?? []).flat().length
      t.ok(failed && seats <= SHRUNK_SEATS_MAX, `${bug}: ${JSON.stringify(counterexample)} after ${numShrinks} steps`)
    }
  }
})

/** That what is offered instead of the chosen standard seats is, one by one, the nearest of what the slow model allows. */
function offers(offer: Offer) {
  return fc.property(drawings('aaaaxxAAbB.c '), fc.integer({ min: 1, max: 4 }), (drawing, max) => {
    const rows = drawn(drawing)
    const [taken, chosen] = [new Set(lettered(drawing, 'x')), lettered(drawing, 'AB')]
    const isTaken: IsTaken = (seatNo) => taken.has(seatNo)
    const groups = offer(rows, isTaken, chosen, max)
    let left = slowInstead(rows, isTaken, chosen)
    const nearest = groups.every((group) => {
      const px = Math.min(...left.map((other) => apartPx(rows, other, chosen)))
      const known = left.some((other) => other.join() === group.join())
      left = left.filter((other) => !other.some((seatNo) => group.includes(seatNo)))
      return known && apartPx(rows, group, chosen) <= px + ROUNDING_PX
    })
    return nearest && groups.length <= max && (groups.length === max || left.length === 0)
  })
}

function apartPx(rows: SeatRow[][], group: number[], chosen: number[]): number {
  const [a, b] = [middle(rows, group), middle(rows, chosen)]
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function middle(rows: SeatRow[][], seatNos: number[]): { x: number; y: number } {
  const seats = rows.flat().filter(({ seat_no }) => seatNos.includes(seat_no))
  return { x: seats.reduce((sum, { x }) => sum + x, 0) / seats.length, y: seats.reduce((sum, { y }) => sum + y, 0) / seats.length }
}
