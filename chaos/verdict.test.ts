import t from 'tap'
import { type Entry, storiesIn } from './history.ts'
import type { Run } from './one-run.ts'
import type { Scenario } from './scenario.ts'
import { brokenAmong, brokenIn, unknownAmong } from './verdict.ts'

const SCENARIO: Scenario = {
  what: '',
  promise: '',
  gapMsMax: 1_500,
  pageGapMsMax: 3_000,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { holdsPerSecond: 10, salesPerSecond: 1 },
  run: async () => undefined
}
const RUN: Run = {
  run: 1,
  struckMs: 0,
  gapMs: 1_500,
  gapsMs: { hold: 1_700, sale: 3_500 },
  calmGapMs: 100,
  calmGapsMs: { hold: 100, sale: 1_000 },
  own: null,
  pageGapMs: 3_000,
  figures: {},
  wholeMs: 0,
  bitten: [],
  missed: [],
  trouble: [],
  seconds: 1,
  came: 9,
  sawErrors: 0,
  answerMsMax: 1_500,
  knownMsMax: 1_500
}
const [PURCHASE, SALE] = ['purchase', 'sale'] as const

t.test('a run at its limits keeps the promise, and one beyond any of them does not', async (t) => {
  t.strictSame(brokenIn(RUN, SCENARIO), [])
  t.strictSame(brokenIn({ ...RUN, sawErrors: 3, answerMsMax: 9_000 }, { ...SCENARIO, unnoticed: false }), [])

  const beyond: Array<[Partial<Run>, RegExp]> = [
    [{ pageGapMs: 3_001 }, /run 1: 3001 ms without a page, promised 3000/],
    [{ pageGapMs: null }, /run 1: shows nothing, because nobody saw a page/],
    [{ gapMs: 1_501 }, /run 1: 1501 ms without a success, promised 1500/],
    [{ gapsMs: { hold: 100, sale: 3_501 } }, /3501 ms without a sale, promised 3500/],
    [{ gapsMs: { hold: 1_701, sale: 100 } }, /1701 ms without a hold, promised 1700/],
    [{ sawErrors: 1 }, /1 of 9 at the box office saw an error first/],
    [{ answerMsMax: 1_501 }, /somebody waited 1501 ms/],
    [{ missed: ['it bit'] }, /shows nothing, because it is not true that it bit/],
    [{ trouble: ['broken'] }, /run 1: broken/]
  ]
  for (const [change, said] of beyond) t.match(brokenIn({ ...RUN, ...change }, SCENARIO), [said])
})

t.test('a series in which nobody was told, or nobody bought, or purchases failed keeps no promise', async (t) => {
  const invoked = storiesIn([entry('a', SALE, 'invoke')])
  const unknown = storiesIn([entry('a', SALE, 'invoke'), entry('a', SALE, 'unknown')])
  const underWay = storiesIn([entry('p', PURCHASE, 'invoke')])
  const failed = storiesIn([entry('p', PURCHASE, 'invoke'), entry('p', PURCHASE, 'unknown')])

  t.match(brokenAmong([], 0, 1, SCENARIO), [/nobody was told that anything was sold/])
  for (const stories of [invoked, unknown, underWay]) t.match(brokenAmong(stories, 1, 1, SCENARIO), [/1 commands were never answered/])
  t.match(brokenAmong(failed, 1, 1, SCENARIO), [/1 purchases failed, promised at most 0/])
  t.strictSame(brokenAmong(failed, 1, 3, { ...SCENARIO, purchasesFailedMax: 1 }), [])
  t.equal(unknownAmong(failed), 0, 'a browser that saw an error was answered')
})

function entry(key: string, op: Entry['op'], type: Entry['type']): Entry {
  return { key, type, op, try: 1, atMs: 0, wall: '' }
}
