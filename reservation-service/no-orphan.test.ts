import fc from 'fast-check'
import t from 'tap'
import { drawings, drawn, lettered } from './given-seating.ts'
import { avoidableOrphans, orphansMade } from './no-orphan.ts'
import { type IsTaken, type SeatRow, seatingOf } from './seating.ts'
import { slowAvoidableOrphans, slowOrphansMade, subsets } from './slow-seats.ts'

/** A rule of orphans, on rows as drawn. */
type Rule = (rows: SeatRow[][], isTaken: IsTaken, seatNos: number[]) => number[]

const ours: Rule = (rows, isTaken, seatNos) => avoidableOrphans(seatingOf(rows.flat()), isTaken, seatNos)
const oursMade: Rule = (rows, isTaken, seatNos) => orphansMade(seatingOf(rows.flat()), isTaken, seatNos)

const ROW_SEATS_MAX = 12
const ROW_SEATS_MAX_ALL_CHOICES = 10
const SHRUNK_SEATS_MAX = 6
const SEEDS = [1, 2, 3, 4, 5]

t.test('a choice is refused for the orphans it makes where the row has as many seats together without any', async (t) => {
  const refused = (row: string, choice: number[]) => {
    const { seats, isTaken } = standing(row)
    return avoidableOrphans(seatingOf(seats), isTaken, choice)
  }

  t.strictSame(refused('xaaa', [3]), [2], 'seat 2 would stand alone between a sold one and a chosen one')
  t.strictSame(refused('xa aa', [3]), [], 'beyond the aisle is no neighbour')
  t.strictSame(refused('aaxa', [2]), [], 'the end of a row is no neighbour')
  t.strictSame(refused('xaax', [2]), [], 'either seat strands the other: allowed')
  t.strictSame(refused('xaaaxaaaax', [2, 3]), [4], 'two of the four on the right would strand nobody')
  t.strictSame(refused('xaaaxaaax', [2, 3]), [], 'two of any three strand one')
  t.strictSame(refused('xaaaxbbbbx', [2, 3]), [], 'those that would strand nobody have another price')
  t.strictSame(refused('xa.aa', [2, 4]), [], 'a free accessible seat is never stranded')
  t.strictSame(refused('xa.aaa', [3]), [], 'an accessible seat may be chosen whatever it strands')
  t.strictSame(refused('x.aaaax', [2, 4]), [3], 'but the standard seat taken with it follows the rule')
  t.strictSame(refused('xaaaxaaa', [3, 7]), [2, 4, 6], 'a choice in two parts is one choice of the row')
  t.strictSame(refused('xaaa', [3, 999]), [2], 'a seat the plan does not have is somebody else’s refusal')
})

t.test(`whatever the state of a row of up to ${ROW_SEATS_MAX} seats, a party of any size has a choice that is allowed`, async (t) => {
  let [states, choices] = [0, 0]
  for (let length = 1; length <= ROW_SEATS_MAX; length++) {
    const seating = seatingOf(drawn([['a'.repeat(length)]])[0]!)
    for (let state = 0; state < 2 ** length; state++) {
      const isTaken: IsTaken = (seatNo) => ((state >> (seatNo - 1)) & 1) === 1
      const free = Array.from({ length }, (_, i) => i + 1).filter((seatNo) => !isTaken(seatNo))
      for (let size = 1; size <= free.length; size++) {
        choices++
        if (!choicesOf(free, size).some((choice) => avoidableOrphans(seating, isTaken, choice).length === 0)) {
          t.fail(`row ${length}, state ${state.toString(2)}, party of ${size}`)
        }
      }
      states++
    }
  }
  t.equal(states, 2 ** (ROW_SEATS_MAX + 1) - 2)
  t.comment(`${states} states, ${choices} parties`)
})

t.test(
  `every choice in every state of a row of up to ${ROW_SEATS_MAX_ALL_CHOICES} seats is judged as the slow model judges it`,
  async (t) => {
    let choices = 0
    for (let length = 1; length <= ROW_SEATS_MAX_ALL_CHOICES; length++) {
      const row = drawn([['a'.repeat(length)]])[0]!
      const seating = seatingOf(row)
      for (let marks = 0; marks < 3 ** length; marks++) {
        const { isTaken, choice } = marked(marks, length)
        if (choice.length === 0) continue
        choices++
        const [fast, slow] = [avoidableOrphans(seating, isTaken, choice), slowAvoidableOrphans([row], isTaken, choice)]
        if (fast.join() !== slow.join()) t.fail(`${length} seats, choice ${choice}: ${fast} is not ${slow}`)
      }
    }
    t.ok(choices > 80_000, `${choices} choices`)
  }
)

t.test(
  'with two prices, accessible seats and companions too, every choice is judged as the slow model does, and none of a price is locked in',
  async (t) => {
    let rows = 0
    for (const letters of words('ab.x', 5)) {
      const { seats, isTaken, free } = standing(letters)
      const seating = seatingOf(seats)
      const allowed = new Set<string>()
      for (const choice of Array.from({ length: free.length }, (_, i) => subsets(free, i + 1)).flat()) {
        const judged = avoidableOrphans(seating, isTaken, choice)
        if (judged.join() !== slowAvoidableOrphans([seats], isTaken, choice).join()) t.fail(`${letters}, choice ${choice}`)
        if (judged.length === 0) allowed.add(choice.map((seatNo) => letters[seatNo - 1]).join(''))
      }
      for (const price of ['a', 'b']) {
        const most = letters.split(price).length - 1
        for (let size = 1; size <= most; size++) if (!allowed.has(price.repeat(size))) t.fail(`${letters}: ${size} of ${price}`)
      }
      rows++
    }
    t.equal(rows, 4 ** 5)
  }
)

t.test('random choices in random plans are judged as the slow model judges them', async (t) => {
  fc.assert(agrees(ours, slowAvoidableOrphans), { numRuns: 10_000 })
  fc.assert(agrees(oursMade, slowOrphansMade), { numRuns: 3_000 })
  t.pass()
})

t.test('the rule alone sells a row to its last seat, whatever the parties', async (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 14 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 14, maxLength: 14 }),
      fc.nat(),
      soldOut
    ),
    { numRuns: 500 }
  )
  t.pass()
})

t.test('shrinking works: a rule with a planted bug is caught and shrunk to a row of a few seats', async (t) => {
  const oneCategory = (rows: SeatRow[][]) => rows.map((row) => row.map((seat) => ({ ...seat, category: 'a' })))
  const broken: Record<string, Rule> = {
    'forgets the right neighbour': orphansAre(/(?<=x)[ab]/g),
    'forgets the left neighbour': orphansAre(/[ab](?=x)/g),
    'takes the end of a row for a neighbour': orphansAre(/(?<=x|^)[ab](?=x|$)/g),
    'takes free accessible seats for orphans': orphansAre(/(?<=x)[ab.](?=x)/g),
    'forgets the exception': oursMade,
    'takes another price for an equal one': (rows, isTaken, seatNos) => ours(oneCategory(rows), isTaken, seatNos)
  }

  for (const [bug, rule] of Object.entries(broken)) {
    for (const seed of SEEDS) {
      const { failed, counterexample, numShrinks } = fc.check(agrees(rule, slowAvoidableOrphans), { seed, numRuns: 3_000 })
      const seats = drawn(counterexample?.[0] ?? []).flat().length
      t.ok(failed && seats <= SHRUNK_SEATS_MAX, `${bug}: ${JSON.stringify(counterexample)} after ${numShrinks} steps`)
    }
  }
})

/** That a rule says what the slow one says. */
function agrees(rule: Rule, slow: Rule) {
  return fc.property(drawings('aaaxxxAAbB.:cC '), (drawing) => {
    const rows = drawn(drawing)
    const [taken, chosen] = [new Set(lettered(drawing, 'x')), lettered(drawing, 'AB:C')]
    const isTaken: IsTaken = (seatNo) => taken.has(seatNo)
    return rule(rows, isTaken, chosen).join() === slow(rows, isTaken, chosen).join()
  })
}

/** The slow rule with another idea of what an orphan is. */
function orphansAre(pattern: RegExp): Rule {
  return (rows, isTaken, seatNos) => slowAvoidableOrphans(rows, isTaken, seatNos, pattern)
}

/** Parties come one after the other, each takes any choice that is allowed, until nothing is left. */
function soldOut(length: number, parties: number[], from: number): boolean {
  const seating = seatingOf(drawn([['a'.repeat(length)]])[0]!)
  const taken = new Set<number>()
  const isTaken: IsTaken = (seatNo) => taken.has(seatNo)
  for (let i = 0; taken.size < length; i++) {
    const free = Array.from({ length }, (_, i) => i + 1).filter((seatNo) => !taken.has(seatNo))
    const choices = subsets(free, Math.min(free.length, parties[i % parties.length]!))
    const turned = [...choices.slice(from % choices.length), ...choices.slice(0, from % choices.length)]
    const allowed = turned.find((choice) => avoidableOrphans(seating, isTaken, choice).length === 0)
    if (!allowed) return false
    for (const seatNo of allowed) taken.add(seatNo)
  }
  return true
}

function standing(letters: string): { seats: SeatRow[]; isTaken: IsTaken; free: number[] } {
  const seats = drawn([[letters]]).flat()
  const taken = lettered([[letters]], 'x')
  const isTaken: IsTaken = (seatNo) => taken.includes(seatNo)
  return { seats, isTaken, free: seats.map(({ seat_no }) => seat_no).filter((seatNo) => !isTaken(seatNo)) }
}

/** Each seat a digit of a number: free, taken or chosen. */
function marked(marks: number, length: number): { isTaken: IsTaken; choice: number[] } {
  const digits = marks.toString(3).padStart(length, '0')
  return { isTaken: (seatNo) => digits[seatNo - 1] === '1', choice: [...digits].flatMap((digit, i) => (digit === '2' ? [i + 1] : [])) }
}

function words(letters: string, length: number): string[] {
  return length === 0 ? [''] : words(letters, length - 1).flatMap((word) => [...letters].map((letter) => word + letter))
}

/** As {@link subsets}, one at a time. */
function* choicesOf(items: number[], size: number): Generator<number[]> {
  if (size === 0) return yield []
  for (const [i, item] of items.entries()) for (const others of choicesOf(items.slice(i + 1), size - 1)) yield [item, ...others]
}
