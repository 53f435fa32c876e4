import t from 'tap'
import { type PlanRow, replay } from './orphans.ts'

t.test('a single seat left between two sold ones counts as avoidable when another group of its section would have left none', async (t) => {
  const rows = [row('A', 1, 8), row('A', 11, 8)]

  const { avoidable, orphansLeft } = replay(rows, [buy(1, 2), buy(4, 5)])

  t.same(avoidable, [{ orderId: 'o4', seatNos: [4, 5], orphans: [3], instead: [3, 4] }])
  t.same(orphansLeft, [3])
})

t.test('an orphan is nobody’s fault when every group of its section would have left one', async (t) => {
  const rows = [row('A', 1, 5), row('B', 11, 8)]

  const { avoidable, orphansLeft } = replay(rows, [buy(1), buy(5), buy(2, 3)])

  t.same(avoidable, [], 'the seats of another section are no alternative')
  t.same(orphansLeft, [4])
})

t.test('seats of another price are no alternative', async (t) => {
  const rows = [row('A', 1, 5), row('A', 11, 8, 'cheap')]

  t.same(replay(rows, [buy(1), buy(5), buy(2, 3)]).avoidable, [])
  t.equal(replay([row('A', 1, 5), row('A', 11, 8)], [buy(1), buy(5), buy(2, 3)]).avoidable.length, 1, 'those of the same price are one')
})

t.test('what counts is the state before the purchase, not what was sold later', async (t) => {
  const rows = [row('A', 1, 5), row('A', 11, 2)]

  t.equal(replay(rows, [buy(1), buy(5), buy(2, 3), buy(11, 12)]).avoidable.length, 1)
  t.equal(replay(rows, [buy(11, 12), buy(1), buy(5), buy(2, 3)]).avoidable.length, 0)
})

t.test('the seat at the end of a row has one neighbour, and is no orphan', async (t) => {
  const { avoidable, orphansLeft, free } = replay([row('A', 1, 5)], [buy(2, 3, 4, 5)])

  t.same({ avoidable, orphansLeft, free }, { avoidable: [], orphansLeft: [], free: 1 })
})

t.test('an orphan that was there before is not made again by the next purchase', async (t) => {
  const { avoidable } = replay([row('A', 1, 9)], [buy(1, 2), buy(4, 5), buy(6, 7)])

  t.same(
    avoidable.map(({ orderId }) => orderId),
    ['o4']
  )
})

t.test('a purchase whose seats are not side by side is told', async (t) => {
  t.same(replay([row('A', 1, 5), row('A', 11, 5)], [buy(1, 3), buy(5, 11), buy(13, 14)]).apart, ['o1', 'o5'])
})

function row(section: string, first: number, length: number, price = 'full'): PlanRow {
  return { section, seats: Array.from({ length }, (_, i) => ({ seatNo: first + i, price })) }
}

function buy(...seatNos: number[]) {
  return { orderId: `o${seatNos[0]}`, seatNos }
}
