import t from 'tap'
import { alternate, median, mediansOf, quantilesOf, rounded, roundOf } from './figures.ts'

t.test('a quantile is a value that was measured, whatever order the values came in', async (t) => {
  const values = Array.from({ length: 200 }, (_, i) => ((i * 73) % 200) + 1)

  t.same(quantilesOf(values), { p50: 100, p95: 190, p99: 198, max: 200 })
  t.same(quantilesOf([7]), { p50: 7, p95: 7, p99: 7, max: 7 })
  t.ok(Number.isNaN(quantilesOf([]).p99), 'nothing measured is no figure')
})

t.test('a median is the middle, or the mean of the two in the middle', async (t) => {
  t.equal(median([9, 1, 5]), 5)
  t.equal(median([4, 1, 3, 2]), 2.5)
  t.throws(() => median([]), { message: 'nothing was measured' })
})

t.test('the ratio of a benchmark is the median of the rounds’ ratios, so that one bad round does not decide', async (t) => {
  const rounds = [roundOf(100, 50), roundOf(10, 50), roundOf(90, 30), roundOf(80, 40), roundOf(60, 40)]

  t.same(mediansOf(rounds), { ours: 80, baseline: 40, ratio: 2 })
})

t.test('both sides take turns, and the first turn of each does not count', async (t) => {
  const order: string[] = []
  const side = (name: string) => async () => order.push(name)

  const turns = await alternate(2, side('a'), side('b'))

  t.equal(order.join(''), 'ababab')
  t.same(turns, [
    { ours: 3, baseline: 4 },
    { ours: 5, baseline: 6 }
  ])
})

t.test('figures are told with four digits, and words and counts as they are', async (t) => {
  t.same(rounded({ a: 1.234567, b: [123_456, 'x', null], c: { d: 98_765.4 } }), { a: 1.235, b: [123_456, 'x', null], c: { d: 98_770 } })
})
