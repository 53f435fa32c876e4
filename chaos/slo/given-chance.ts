import fc from 'fast-check'
import type { Entry, Op } from '../history.ts'
import type { Bundle } from './bundles.ts'
import { givenBacklog, givenBundle, givenMoment, givenPaper } from './given-bundles.ts'

const OPS: Op[] = ['sale', 'hold', 'purchase', 'page', 'read']
const TYPES: Array<Entry['type']> = ['invoke', 'ok', 'refused', 'unknown']
const RUNS = 2
const SERIES_MS = 20_000

/** Lines in any order, answers to nobody, papers of nobody: what no buyer would write, and both reckon all the same. */
export function anyBundle(scenario: string): fc.Arbitrary<Bundle> {
  return fc
    .record({ history: anyHistory(), papers: anyPapers(), without: fc.option(fc.nat({ max: 9 })), outageMs: fc.nat({ max: 7_000 }) })
    .map((any) => {
      const bundle =
        scenario === 'backlog-drained' ? givenBacklog() : givenBundle({ scenario, runs: RUNS, ops: [], outageMs: any.outageMs })
      const timeline = bundle.timeline.filter((_, i) => i !== any.without)
      return { ...bundle, timeline, history: any.history, papers: [...bundle.papers, ...any.papers] }
    })
}

function anyHistory(): fc.Arbitrary<Entry[]> {
  const line = fc.record({
    type: fc.constantFrom(...TYPES),
    op: fc.constantFrom(...OPS),
    key: fc.nat({ max: 30 }).map((nth) => `key-${nth}`),
    try: fc.integer({ min: 1, max: 3 }),
    atMs: fc.nat({ max: SERIES_MS }),
    seatNo: fc.nat({ max: 20 }),
    isAgain: fc.integer({ min: 0, max: 9 }).map((nth) => nth === 0)
  })
  return fc.array(line, { minLength: 200, maxLength: 600 }).map((lines) =>
    lines
      .toSorted((a, b) => a.atMs - b.atMs)
      .map(({ atMs, seatNo, isAgain, ...said }) => ({
        ...said,
        ...givenMoment(atMs),
        showId: 1,
        seatNos: [seatNo],
        ...(isAgain && { again: true as const })
      }))
  )
}

function anyPapers() {
  const paper = fc.record({
    order: fc.nat({ max: 40 }),
    soldMs: fc.nat({ max: SERIES_MS }),
    ms: fc.nat({ max: 9_000 }),
    lack: fc.nat({ max: 20 })
  })
  return fc.array(paper, { maxLength: 100 }).map((papers) =>
    papers.map(({ order, soldMs, ms, lack }) => ({
      ...givenPaper(`key-${order}`, soldMs, ms),
      ...(lack === 0 && { publishedAt: null }),
      ...(lack <= 1 && { issuedAt: null }),
      ...(lack <= 2 && { renderedAt: null })
    }))
  )
}
