import fc, { type Arbitrary } from 'fast-check'
import type { Wish } from '../contracts/values.ts'

/** For tests: what buyers do, one thing after the other. Few ids and few seats, so that they meet. */
export type Step = Asking | RepeatStep | ReleaseStep | VoidStep | PassStep | { does: 'nothing' }

export interface HoldStep {
  does: 'hold'
  id: number
  wish: Wish
  found: Found
}

export interface SaleStep {
  does: 'sale'
  id: number
  wish: Wish
  found: Found
  buyer: string
  pays: Pays
}

export interface OrderStep {
  does: 'order'
  id: number
  holdId: number
  buyer: string
  pays: Exclude<Pays, 'unsaid'>
}

/** The same once more, as it was `back` commands ago. */
interface RepeatStep {
  does: 'repeat'
  back: number
}

interface ReleaseStep {
  does: 'release'
  holdId: number
}

interface VoidStep {
  does: 'void'
  orderId: number
}

interface PassStep {
  does: 'pass'
  seconds: number
}

export type Asking = HoldStep | SaleStep | OrderStep
type Pays = 'right' | 'wrong' | 'unsaid'

/** What the search gave who asked for the best seats. */
export interface Found {
  seatNos: number[]
  strands: boolean
}

/** `cuts`: which steps begin a new batch. `eager`: whether places that ran out are given back before anybody misses them. */
export interface History {
  steps: Step[]
  cuts: boolean[]
  eager: boolean
}

const STEPS_MAX = 40
const BUYERS = ['ana@example.cl', 'Ana+dos@example.cl', 'beto@example.cl']

const ids = fc.nat({ max: 6 })
const holdIds = fc.nat({ max: 4 })
const buyers = fc.constantFrom(...BUYERS)
const showIds = fc.oneof(
  { weight: 12, arbitrary: fc.constant(1) },
  { weight: 6, arbitrary: fc.constant(2) },
  { weight: 1, arbitrary: fc.constant(9) }
)
const typeNos = fc.constantFrom(1, 1, 1, 1, 1, 1, 2, 2, 3)
/** Seat 9 is nowhere. */
const seatNos = fc.constantFrom(...[1, 2, 3, 4, 5, 6, 7, 8].flatMap((seatNo) => [seatNo, seatNo, seatNo]), 9)
const zoneNos = fc.constantFrom(1, 1, 1, 1, 1, 2, 2, 2, 2, 3)

const choices: Arbitrary<Wish> = fc
  .record({
    showId: showIds,
    tickets: fc.uniqueArray(fc.tuple(seatNos, typeNos), { maxLength: 3, selector: ([seatNo]) => seatNo }),
    typed: fc.boolean(),
    places: fc.array(fc.record({ zoneNo: zoneNos, quantity: fc.integer({ min: 1, max: 2 }), typeNo: typeNos }), {
      maxLength: 2
    })
  })
  .filter(({ tickets, places }) => tickets.length + places.length > 0)
  .map(({ showId, tickets, typed, places }) => ({
    ...{ showId, seatNos: tickets.map(([seatNo]) => seatNo), places },
    ...(typed ? { typeNos: tickets.map(([, typeNo]) => typeNo) } : {})
  }))

const bests: Arbitrary<Wish> = fc.record({ showId: showIds, best: fc.record({ quantity: fc.integer({ min: 1, max: 2 }) }) })
const wishes = fc.oneof({ weight: 5, arbitrary: choices }, { weight: 1, arbitrary: bests })
const found: Arbitrary<Found> = fc.record({
  seatNos: fc.uniqueArray(seatNos, { maxLength: 3 }),
  strands: fc.boolean()
})

/** Every step may shrink to nothing: fast-check itself only shortens a list from its beginning. */
const steps: Arbitrary<Step> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant({ does: 'nothing' as const }) },
  { weight: 10, arbitrary: fc.record({ does: fc.constant('hold' as const), id: holdIds, wish: wishes, found }) },
  {
    weight: 8,
    arbitrary: fc
      .record({
        ...{ does: fc.constant('sale' as const), id: ids, wish: wishes, found, buyer: buyers },
        pays: fc.constantFrom<Pays>('right', 'unsaid', 'unsaid', 'wrong')
      })
      .map((sale) => ('best' in sale.wish && sale.pays === 'right' ? { ...sale, pays: 'unsaid' as const } : sale))
  },
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ does: fc.constant('order' as const), id: ids, holdId: holdIds, buyer: buyers },
      pays: fc.constantFrom<OrderStep['pays']>('right', 'right', 'right', 'wrong')
    })
  },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('repeat' as const), back: fc.nat({ max: 7 }) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('release' as const), holdId: holdIds }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('void' as const), orderId: fc.constantFrom(0, 7, 8, 9) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('pass' as const), seconds: fc.constantFrom(1, 599, 600, 601, 1_800) }) }
)

export const histories: Arbitrary<History> = fc
  .record({ marked: fc.array(fc.tuple(steps, fc.boolean()), { maxLength: STEPS_MAX, size: 'max' }), eager: fc.boolean() })
  .map(({ marked, eager }) => ({ steps: marked.map(([step]) => step), cuts: marked.map(([, cut]) => cut), eager }))
