import t from 'tap'
import { gapsMs, longestGapMs, nuisanceIn, spreadOf } from './figures.ts'
import { type Entry, storiesIn } from './history.ts'

t.test('the longest gap is the one that touches the span, from the success before it to the one after it', async (t) => {
  t.equal(longestGapMs([0, 500, 1_000, 1_100, 4_000, 4_100], 1_050, 4_050), 2_900)
  t.equal(longestGapMs([0, 900, 1_000, 1_100], 950, 1_050), 100, 'a longer one that was over before does not count')
  t.equal(longestGapMs([0, 4_000], 1_000, 2_000), 4_000, 'one that contains the span does')
  t.equal(longestGapMs([900], 1_000, 9_000), 8_100, 'one that is not over lasts until the end of the span')
  t.equal(longestGapMs([], 1_000, 9_000), 8_000)
})

t.test('many holds do not hide that nothing is sold, and who is told once more does not buy', async (t) => {
  const holds = Array.from({ length: 10 }, (_, i) => ({ ...entry(`h${i}`, 'ok', i * 100), op: 'hold' as const }))
  const sales = [entry('a', 'ok', 50), { ...entry('a', 'ok', 400), again: true as const }, entry('b', 'ok', 850)]

  t.strictSame(gapsMs([...holds, ...sales], 100, 800), { hold: 100, sale: 800 })
})

t.test('below a hundred values there is no 99th percentile', async (t) => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i)

  t.strictSame(spreadOf(values), { p50: 50, p99: 99, max: 100 })
  t.strictSame(spreadOf(values.slice(1)), { p50: 50, p99: null, max: 99 })
  t.strictSame(spreadOf([]), { p50: null, p99: null, max: null })
})

t.test('buyers who were told in the span are asked what they were told first, and how long it took', async (t) => {
  const stories = storiesIn([
    ...[entry('early', 'invoke', 0), entry('early', 'ok', 10)],
    ...[entry('waited', 'invoke', 90), entry('waited', 'ok', 400)],
    ...[entry('erred', 'invoke', 150), entry('erred', 'unknown', 250), entry('erred', 'ok', 900)],
    entry('waits', 'invoke', 200)
  ])

  t.strictSame(nuisanceIn(stories, 100, 1_000), { came: 3, sawErrors: 1, answerMsMax: 800, knownMsMax: 800 })
})

function entry(key: string, type: Entry['type'], atMs: number): Entry {
  return { key, type, op: 'sale', try: 1, atMs, wall: '' }
}
