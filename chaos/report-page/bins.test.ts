import t from 'tap'
import { countedIn, rangesOf, usualMost } from './bins.ts'
import type { Frame, Span } from './frame.ts'
import { thinned } from './latency.ts'
import { counting, logarithmic, time } from './scale.ts'
import { spaced } from './strips.ts'
import { GLUE, took } from './words.ts'

const BIN_MS = 500

t.test('a moment counts in its own bin, and outside of the axis nowhere', async (t) => {
  t.strictSame(countedIn(given([]), [-501, -500, -1, 0, 499, 500, 999, 1_000]), [2, 2, 2])
})

t.test('a bin says what the least, the middle and the most of the runs had that were there for all of it', async (t) => {
  const spans = [0, 1, 2].map((i) => spanOf(i, i === 2 ? 400 : 1_000))

  const ranges = rangesOf(given(spans), ({ run }) => [run, run * 10, run * 100])

  t.strictSame(ranges[1], { least: 0, middle: 0, most: 10 }, 'the third had ended')
  t.strictSame(ranges[0], { least: 0, middle: 1, most: 2 })
})

t.test('a bin that fewer than half of the runs were there for says nothing', async (t) => {
  const spans = [1_000, 400, 400].map((endMs, i) => spanOf(i, endMs))

  t.equal(rangesOf(given(spans), () => [1, 1, 1])[1], undefined)
})

t.test('what is usual is seen beside what comes all at once', async (t) => {
  t.equal(usualMost([5, 0, 6, 5, 120, 5]), 15)
  t.equal(usualMost([5, 0, 6, 5, 20, 5]), undefined, 'a little more is drawn as it is')
  t.equal(usualMost([]), undefined)
})

t.test('of many dots the slowest stay', async (t) => {
  const dots = Array.from({ length: 10_000 }, (_, i) => ({ atMs: i, tookMs: i === 7_777 ? 9_000 : i % 50 }))

  const thin = thinned(dots)

  t.ok(thin.length <= 2_500)
  t.ok(thin.some(({ tookMs }) => tookMs === 9_000))
  t.strictSame(thinned(dots.slice(0, 100)), dots.slice(0, 100))
})

t.test('of many values the least, the greatest and what lies between at even distances stay', async (t) => {
  const values = Array.from({ length: 30_001 }, (_, i) => (i * 7_919) % 30_001)

  const some = spaced(values)

  t.equal(some.length, 1_500)
  t.strictSame([some[0], some.at(-1)], [0, 30_000])
  t.ok(Math.abs(some[750]! - 15_000) < 30)
})

t.test('an axis has round places, begins and ends where it should, and ten times more is as far from one as from ten', async (t) => {
  t.strictSame(time(0, 29_000, 6).ticks, [0, 5_000, 10_000, 15_000, 20_000, 25_000])
  t.strictSame(time(-1_500, 4_000, 6).ticks, [-1_000, 0, 1_000, 2_000, 3_000, 4_000])
  t.strictSame(counting(7, 4).ticks, [0, 2, 4, 6, 8])
  t.strictSame(counting(0, 4).ticks, [0, 1])
  const scale = logarithmic(3, 900)
  t.strictSame(scale.ticks, [1, 10, 100, 1_000])
  t.equal(scale.at(0), 0)
  t.ok(Math.abs(scale.at(10) - 1 / 3) < 1e-9)
})

t.test('a length of time is said with the digits that matter', async (t) => {
  t.strictSame(
    [null, 0, 201.4, 3_417, 11_541, 83_000, 754_000].map((ms) => took(ms).replaceAll(GLUE, ' ')),
    ['–', '0 ms', '201 ms', '3.42 s', '11.5 s', '83 s', '12 min 34 s']
  )
})

function given(spans: Span[]): Frame {
  return { aligned: true, fromMs: -BIN_MS, toMs: 2 * BIN_MS, binMs: BIN_MS, spans, bands: [] }
}

function spanOf(run: number, endMs: number): Span {
  return { run, beganMs: -BIN_MS, struckMs: 0, endedMs: endMs }
}
