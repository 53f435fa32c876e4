import fc from 'fast-check'
import t from 'tap'
import { findBest, mostTogether, type Want } from './best-available.ts'
import { drawings, drawn, lettered, points } from './given-seating.ts'
import { avoidableOrphans, orphansMade } from './no-orphan.ts'
import { type IsTaken, type Point, type SeatRow, seatingOf } from './seating.ts'
import { slowAccessibleParties, slowAvoidableOrphans, slowBest, slowFewestGroups } from './slow-seats.ts'

/** Finds the best seats on rows as drawn. */
type Finder = (rows: SeatRow[][], isTaken: IsTaken, want: Want, focus: Point) => number[] | undefined

const ours: Finder = (rows, isTaken, want, focus) => findBest(seatingOf(rows.flat()), isTaken, want, focus)

const SEEDS = [1, 2, 3, 4, 5]
const SHRUNK_SEATS_MAX = 10
const SHRUNK_STEPS_MAX = 3
const NO_ORPHAN = /(?!)/g
const FOCUS = { x: 0, y: 0 }

t.test('the seats nearest to the focus are given, but not those that strand a seat while equal ones would not', async (t) => {
  const best = (drawing: string[][], want: Want, focus = FOCUS) => {
    const taken = lettered(drawing, 'x')
    return ours(drawn(drawing), (seatNo) => taken.includes(seatNo), want, focus)
  }

  t.strictSame(best([['aaaaa']], { quantity: 2 }, { x: 30, y: 0 }), [2, 3], 'as near as 3 and 4, and the lower numbers')
  t.strictSame(best([['xaaaxa', 'xaaaax']], { quantity: 2 }), [8, 9], 'the row behind strands nobody')
  t.strictSame(best([['xaaax', 'xbbbbx']], { quantity: 2 }), [2, 3], 'the row behind has another price')
  t.strictSame(best([['xaaax'], ['xaaaax']], { quantity: 2 }), [2, 3], 'the row without orphans is in another section')
  t.strictSame(best([['xaaax'], ['xaaaax']], { quantity: 2, sectionNo: 2 }), [7, 8])
  t.strictSame(best([['aaabb']], { quantity: 2, category: 'b' }), [4, 5])
  t.strictSame(best([['.caa', 'aaaa']], { quantity: 3 }), [5, 6, 7], 'accessible seats and their companions are not for everybody')
  t.strictSame(best([['aa aa']], { quantity: 3 }), undefined, 'not across an aisle')
  t.strictSame(best([['aa aab']], { quantity: 3, apart: true }), [1, 2, 3])
  t.strictSame(best([['aa aabbbbb']], { quantity: 5, apart: true }), [5, 6, 7, 8, 9], 'together, if only at another price')
  t.strictSame(best([['aab']], { quantity: 3, apart: true }), undefined, 'a party pays one price')
  const pairs = [['aaxaaxaaxbbxbb']]
  t.strictSame(best(pairs, { quantity: 4, apart: true }), [1, 2, 4, 5], 'the first group near the focus')
  t.strictSame(best(pairs, { quantity: 4, apart: true }, { x: 75, y: 0 }), [4, 5, 7, 8], 'the second near the first')
  t.strictSame(
    best(pairs, { quantity: 4, apart: true }, { x: 140, y: 0 }),
    [10, 11, 13, 14],
    'of the price that has the nearer first group'
  )
  t.strictSame(best([['aa.ccaa.c']], { quantity: 2, accessible: 1 }), [3, 4])
  t.strictSame(best([['aa.ccaa.c']], { quantity: 2, accessible: 2 }), [3, 8])
  t.strictSame(best([['aa.ccaa.c']], { quantity: 5, accessible: 2 }), [3, 4, 5, 8, 9])
  t.strictSame(best([['aa.ccaa.c']], { quantity: 6, accessible: 2 }), undefined)
  t.strictSame(best([['....']], { quantity: 2, accessible: 3 }), undefined, 'no party has more accessible seats than people')
})

t.test('through random sales, releases and blocks, the best seats are those of the slow model', async (t) => {
  const answers = { together: 0, stranding: 0, apart: 0, accessible: 0, none: 0 }
  const counting: Finder = (rows, isTaken, want, focus) => {
    const found = ours(rows, isTaken, want, focus)
    const groups = found && groupsOf(rows, found).length
    answers[!found ? 'none' : want.accessible ? 'accessible' : groups === 1 ? 'together' : 'apart']++
    if (found && orphansMade(seatingOf(rows.flat()), isTaken, found).length > 0) answers.stranding++
    return found
  }

  const asNear: [string[][], Step[]] = [[['aaaaa.', 'a.a']], [{ best: { quantity: 1, accessible: 1 }, focus: { x: 33, y: -4 } }]] // as near as each other, by other roots
  fc.assert(histories(counting), { numRuns: 3_000, examples: [asNear] })

  t.ok(
    Object.values(answers).every((count) => count > 100),
    `all of these were seen: ${JSON.stringify(answers)}`
  )
})

t.test('shrinking works: a finder with a planted bug is caught and shrunk to a few seats and steps', async (t) => {
  const allStandard = (rows: SeatRow[][]) => rows.map((row) => row.map((seat) => ({ ...seat, kind: 'standard' as const })))
  const broken: Record<string, Finder> = {
    'gives accessible seats to anybody': (rows, isTaken, want, focus) =>
      ours(want.accessible ? rows : allStandard(rows), isTaken, want, focus),
    'does not mind orphans': (rows, isTaken, want, focus) =>
      want.accessible || want.apart ? ours(rows, isTaken, want, focus) : slowBest(rows, isTaken, want, focus, NO_ORPHAN),
    'forgets the section': (rows, isTaken, { sectionNo, ...want }, focus) => ours(rows, isTaken, want, focus),
    'forgets the category': (rows, isTaken, { category, ...want }, focus) => ours(rows, isTaken, want, focus),
    'forgets the focus': (rows, isTaken, want) => ours(rows, isTaken, want, FOCUS),
    'gives what is taken when little is left': (rows, isTaken, want, focus) =>
      ours(rows, isTaken, want, focus) ?? ours(rows, () => false, want, focus)
  }

  for (const [bug, finder] of Object.entries(broken)) {
    for (const seed of SEEDS) {
      const { failed, counterexample, numShrinks } = fc.check(histories(finder), { seed, numRuns: 1_500 })
      const [drawing, steps] = counterexample ?? [[], []]
      const small = drawn(drawing).flat().length <= SHRUNK_SEATS_MAX && steps.length <= SHRUNK_STEPS_MAX
      t.ok(failed && small, `${bug}: ${JSON.stringify(counterexample)} after ${numShrinks} steps`)
    }
  }
})

type Step = { best: Want; focus: Point } | { release: number } | { block: number }

const quantity = fc.integer({ min: 1, max: 5 })
const wants: fc.Arbitrary<Want> = fc
  .oneof(
    { weight: 4, arbitrary: fc.record({ quantity }) },
    { weight: 2, arbitrary: fc.record({ quantity, apart: fc.constant(true) }) },
    { weight: 1, arbitrary: fc.record({ quantity, accessible: quantity }) },
    {
      weight: 1,
      arbitrary: fc.record(
        { quantity, category: fc.constantFrom('a', 'b'), sectionNo: fc.constantFrom(1, 2), accessible: quantity, apart: fc.boolean() },
        { requiredKeys: ['quantity'] }
      )
    }
  )
  .map((want: Want) => (want.accessible ? { ...want, accessible: Math.min(want.accessible, want.quantity) } : want))

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ best: wants, focus: points }) },
    { weight: 1, arbitrary: fc.record({ release: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ block: fc.nat(40) }) }
  ),
  { minLength: 1, maxLength: 15 }
)

/** Sales by a finder, releases of what was sold and blocked seats, one after the other; every answer is what the slow model says. */
function histories(finder: Finder) {
  return fc.property(drawings('aaaaaaaxxbbb..ccc '), steps, (drawing, steps) => {
    const rows = drawn(drawing)
    const taken = new Set(lettered(drawing, 'x'))
    const isTaken: IsTaken = (seatNo) => taken.has(seatNo)
    const parties: number[][] = []
    return steps.every((step) => {
      if ('release' in step) for (const seatNo of parties.splice(step.release, 1).flat()) taken.delete(seatNo)
      if ('block' in step) taken.add(step.block)
      if (!('best' in step)) return true
      const found = finder(rows, isTaken, step.best, step.focus)
      const right = isRight(rows, isTaken, step.best, step.focus, found)
      for (const seatNo of found ?? []) taken.add(seatNo)
      if (found) parties.push(found)
      return right
    })
  })
}

function isRight(rows: SeatRow[][], isTaken: IsTaken, want: Want, focus: Point, found: number[] | undefined): boolean {
  const seating = seatingOf(rows.flat())
  if (found && (found.length !== want.quantity || avoidableOrphans(seating, isTaken, found).length > 0)) return false
  if (want.accessible) return isRightParty(rows, isTaken, want, focus, found)
  const together = slowBest(rows, isTaken, want, focus)
  const most = mostTogether(seating, isTaken, want)
  if (slowBest(rows, isTaken, { ...want, quantity: most + 1 }, focus)) return false
  if (most > 0 && !slowBest(rows, isTaken, { ...want, quantity: most }, focus)) return false
  return together || !want.apart ? found?.join() === together?.join() : isRightApart(rows, isTaken, want, found)
}

/** Free standard seats of one category, in as few groups as can be, with no orphan that could be avoided. */
function isRightApart(rows: SeatRow[][], isTaken: IsTaken, want: Want, found: number[] | undefined): boolean {
  const fewest = slowFewestGroups(rows, isTaken, want)
  if (!found) return fewest === Number.POSITIVE_INFINITY
  const seats = rows.flat().filter(({ seat_no }) => found.includes(seat_no))
  const fits = ({ seat_no, kind, category, section_no }: SeatRow) =>
    !isTaken(seat_no) &&
    kind === 'standard' &&
    category === (want.category ?? seats[0]!.category) &&
    section_no === (want.sectionNo ?? section_no)
  return (
    new Set(found).size === want.quantity &&
    seats.every(fits) &&
    groupsOf(rows, found).length === fewest &&
    slowAvoidableOrphans(rows, isTaken, found).length === 0
  )
}

/** The first seat of each. */
function groupsOf(rows: SeatRow[][], seatNos: number[]): SeatRow[] {
  return rows.flatMap((row) => row.filter(({ seat_no }, i) => seatNos.includes(seat_no) && !seatNos.includes(row[i - 1]?.seat_no ?? 0)))
}

/** One of the parties there can be, around the accessible seat that is nearest to the focus of all that any party has. */
function isRightParty(rows: SeatRow[][], isTaken: IsTaken, want: Want, focus: Point, found: number[] | undefined): boolean {
  const parties = slowAccessibleParties(rows, isTaken, want)
  if (!found) return parties.length === 0 && mostTogether(seatingOf(rows.flat()), isTaken, want) < want.quantity
  const squared = (seatNo: number) => {
    const { x, y } = rows.flat().find(({ seat_no }) => seat_no === seatNo)!
    return (x - focus.x) ** 2 + (y - focus.y) ** 2 // whole numbers: equal distances are equal, which roots of them need not be
  }
  const nearest = Math.min(...parties.flatMap(({ accessible }) => accessible).map(squared))
  return (
    mostTogether(seatingOf(rows.flat()), isTaken, want) >= want.quantity &&
    parties.some(
      ({ accessible, companions }) =>
        accessible.every((seatNo) => found.includes(seatNo)) &&
        found.every((seatNo) => accessible.includes(seatNo) || companions.includes(seatNo)) &&
        accessible.some((seatNo) => squared(seatNo) === nearest)
    )
  )
}
