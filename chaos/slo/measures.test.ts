import fc from 'fast-check'
import t from 'tap'
import type { Moment } from '../evidence.ts'
import { longestGapMs } from '../figures.ts'
import type { Entry } from '../history.ts'
import { answersMs } from './answers.ts'
import { documentsMs } from './documents.ts'
import { drainRatio } from './drain.ts'
import { givenBacklog, givenBundle, givenMoment, givenPaper, givenStory } from './given-bundles.ts'
import { gapMs, incidentsIn } from './incidents.ts'
import { doubledSeats, messageLosses } from './messages.ts'
import { requestErrors } from './requests.ts'
import { runsIn } from './runs.ts'

const NEVER = Number.POSITIVE_INFINITY

t.test('a buyer waits from the first time they ask to the first yes or no, whatever errors come between', async (t) => {
  const history = [
    ...[said('waited', 'invoke', 0), said('waited', 'unknown', 100), said('waited', 'invoke', 350, 2), said('waited', 'ok', 400, 2)],
    ...[said('refused', 'invoke', 0), said('refused', 'refused', 30)],
    ...[said('never', 'invoke', 0), said('never', 'unknown', 9_000)],
    said('silence', 'invoke', 0)
  ]

  t.strictSame(answersMs(history, ['sale']), [400, 30, NEVER, NEVER])
  t.strictSame(answersMs(history, ['hold']), [], 'who asked for something else is not counted')
})

t.test('who knows and asks once more, and who had asked before the series began, is not counted', async (t) => {
  const again = { again: true as const }
  const history = [
    said('early', 'ok', 5),
    ...[
      { ...said('told', 'invoke', 6, 2), ...again },
      { ...said('told', 'ok', 8, 2), ...again }
    ],
    ...[said('a', 'invoke', 0), said('a', 'ok', 10), { ...said('a', 'invoke', 20, 2), ...again }, { ...said('a', 'ok', 90, 2), ...again }]
  ]

  t.strictSame(answersMs(history, ['sale']), [10])
})

t.test('what is asked while the processes warm up does not count where only the rush does', async (t) => {
  const runs = runsIn(timeline(1_000, 2_000, 2_500))
  const history = [900, 1_000, 2_000, 2_100].flatMap((atMs) => givenStory('sale', `s-${atMs}`, atMs, 7))

  t.strictSame(answersMs(history, ['sale'], runs), [7, 7])
})

t.test('every request counts by itself: an error is one although its repeat succeeds, a correct refusal is none', async (t) => {
  const history = [
    ...[said('a', 'invoke', 0), said('a', 'unknown', 10), said('a', 'invoke', 300, 2), said('a', 'ok', 310, 2)],
    ...[said('b', 'invoke', 0), said('b', 'refused', 10)],
    said('c', 'invoke', 0)
  ]

  t.strictSame(requestErrors(history, ['sale']), [NEVER, 0, 0, NEVER])
})

t.test('requests that a failover touched are left out where they are said to be, and only those', async (t) => {
  const runs = runsIn(timeline(1_000, 2_000, 2_500))
  const before = [said('before', 'invoke', 900), said('before', 'ok', 999)]
  const touching = [said('touching', 'invoke', 900), said('touching', 'unknown', 1_000)]
  const within = [said('within', 'invoke', 2_200), said('within', 'unknown', 2_300)]
  const after = [said('after', 'invoke', 2_600), said('after', 'unknown', 2_700)]
  const unheard = [said('unheard', 'invoke', 900)]
  const history = [...before, ...touching, ...within, ...after, ...unheard]

  t.strictSame(requestErrors(history, ['sale'], runs), [0, NEVER])
  t.equal(requestErrors(history, ['sale']).length, 5)
})

t.test('an order without its PDFs when the series ends waits for ever', async (t) => {
  t.strictSame(documentsMs([givenPaper('a', 0, 1_200), { ...givenPaper('b', 0, 1_200), renderedAt: null }]), [1_200, NEVER])
})

t.test('an order that a buyer was told of and that is not in the books is a lost message', async (t) => {
  const history = [...givenStory('sale', 'booked', 0, 5), ...givenStory('purchase', 'gone', 0, 5)]
  const papers = [givenPaper('booked', 5, 100), { ...givenPaper('silent', 5, 100), publishedAt: null }]

  t.strictSame(messageLosses(history, papers, 'publishedAt'), [0, NEVER, NEVER])
  t.strictSame(messageLosses(history, papers, 'issuedAt'), [0, 0, NEVER])
})

t.test('a seat that two buyers were told to have bought is doubled', async (t) => {
  const [first, second] = [givenStory('sale', 'a-7', 0, 5), givenStory('sale', 'b-7', 0, 5)]
  const held = first.map((entry) => ({ ...entry, op: 'hold' as const, key: 'c-7' }))

  t.strictSame(doubledSeats([...first, ...second, ...held]), ['1/8'])
  t.strictSame(doubledSeats([...first, ...first, ...held]), [], 'the same buyer may be told twice')
})

t.test('an incident costs what a series says that it costs', async (t) => {
  const times = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 30 })
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 5_000 }), (okMs, fromMs, spanMs) => {
      const sorted = okMs.toSorted((a, b) => a - b)
      return gapMs(sorted, fromMs, fromMs + spanMs) === longestGapMs(okMs, fromMs, fromMs + spanMs)
    })
  )
  const bundle = givenBundle({ scenario: 'postgres-primary-killed', runs: 2, outageMs: 1_500 })

  t.strictSame(
    incidentsIn(bundle, ['hold', 'sale']).map(({ run, ms }) => [run, ms]),
    [
      [1, 2_000],
      [2, 2_000]
    ]
  )
})

t.test('documents that stay away are told by the time of day, because databases know no other', async (t) => {
  const bundle = givenBundle({ scenario: 'billing-down', runs: 1, outageMs: 3_000 })
  const noMore = { ...bundle, papers: bundle.papers.filter(({ soldAt }) => soldAt < givenMoment(1_000).wall) }

  t.equal(incidentsIn(bundle, 'documents')[0]!.ms, 3_500)
  t.equal(incidentsIn(noMore, 'documents')[0]!.ms, 7_979, 'until the run ended, when none came')
})

t.test('a backlog is drained from the moment on which documents are let go, its processes still to start', async (t) => {
  const { papers, timeline } = givenBacklog()
  const said = '([0-9]+) files of ([0-9]+) orders .*, bare ([0-9.]+)/s'
  const waiting = papers.with(17, { ...papers[17]!, renderedAt: null })

  t.equal(drainRatio({ papers, timeline }, 5_000, said)!.toFixed(3), '0.833')
  t.equal(drainRatio({ papers: waiting, timeline }, 5_000, said), 0, 'what is not drained in the end is not drained')
  t.equal(drainRatio({ papers, timeline }, 6_000, said), undefined, 'too small a backlog shows nothing')
  t.equal(drainRatio({ papers, timeline: timeline.filter(({ what }) => what !== 'said') }, 5_000, said), undefined)
})

t.test('a run that broke off is as long as what was written down of it', async (t) => {
  const [run] = runsIn(timeline(1_000, 2_000, 2_500).slice(0, 2))

  t.equal(run!.struck.atMs, 1_000)
  t.equal(run!.whole.atMs, 1_000)
  t.equal(run!.ended.atMs, 1_000)
})

function timeline(struckMs: number, healedMs: number, wholeMs: number): Moment[] {
  const moments = { began: 0, struck: struckMs, healed: healedMs, whole: wholeMs, ended: wholeMs + 1_000 }
  return Object.entries(moments).map(([what, atMs]) => ({ what: what as Moment['what'], run: 1, ...givenMoment(atMs) }))
}

function said(key: string, type: Entry['type'], atMs: number, nth = 1): Entry {
  return { type, op: 'sale', key, try: nth, ...givenMoment(atMs) }
}
