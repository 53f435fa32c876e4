import type { Evidence, Moment, Paper } from '../evidence.ts'
import { spreadOf } from '../figures.ts'
import type { Entry, Outcome } from '../history.ts'
import type { Run } from '../one-run.ts'
import { LOAD } from '../scenario.ts'

/** Somewhere in the life of a machine: nothing may depend on a clock that begins at 0. */
export const BEGAN_MS = 33_920_000
export const RUN_MS = 10_000
export const STRUCK_MS = 2_000
export const HEALED_MS = 5_000
export const WHOLE_MS = 6_000
const ENDED_MS = 9_000
const BETWEEN_MS = 100
const ERROR_AFTER_MS = 900
const BEGAN_AT_MS = Date.parse('2026-03-01T12:00:00.000Z')

export interface Given {
  runs: number
  /** From the blow on, nobody succeeds for so long. */
  gapMs?: (run: number) => number
}

/** A made-up series: runs of ten seconds, a blow after two of them, healed after three, whole after one more. */
export function givenEvidence({ runs, gapMs = (run) => 1_000 + (run % 7) * 100 }: Given): Evidence {
  const numbers = Array.from({ length: runs }, (_, i) => i + 1)
  const history = numbers.flatMap((run) => entriesOf(run, gapMs(run)))
  return {
    directory: 'nowhere',
    result: {
      ...figuresOf(numbers.map((run) => runOf(run, gapMs(run)))),
      runs,
      acknowledged: history.filter(({ type }) => type === 'ok').length
    },
    history,
    timeline: numbers.flatMap(momentsOf),
    papers: history.filter(({ op, type }) => op === 'sale' && type === 'ok').map(({ key, atMs }) => paperOf(key, atMs))
  }
}

export function startOf(run: number): number {
  return BEGAN_MS + (run - 1) * RUN_MS
}

function wallOf(atMs: number): string {
  return new Date(BEGAN_AT_MS + atMs - BEGAN_MS).toISOString()
}

function momentsOf(run: number): Moment[] {
  const moment = (what: Moment['what'], ms: number, text?: string): Moment => {
    const atMs = startOf(run) + ms
    return { what, run, atMs, wall: wallOf(atMs), ...(text === undefined ? {} : { text }) }
  }
  return [
    ...[moment('began', 0), moment('struck', STRUCK_MS), moment('said', HEALED_MS, `reign ${run} of pg1 ended`)],
    ...[moment('healed', HEALED_MS), moment('whole', WHOLE_MS), moment('ended', ENDED_MS)]
  ]
}

function entriesOf(run: number, gapMs: number): Entry[] {
  return Array.from({ length: ENDED_MS / BETWEEN_MS }, (_, i) => i * BETWEEN_MS).flatMap((ms, i) => {
    const inGap = ms >= STRUCK_MS && ms < STRUCK_MS + gapMs
    const outcome: Outcome = inGap ? 'unknown' : i % 11 === 5 ? 'refused' : 'ok'
    const atMs = startOf(run) + ms
    const asked = { op: i % 6 === 0 ? ('sale' as const) : ('hold' as const), key: `${run}-${i}`, try: 1 }
    const toldMs = atMs + (inGap ? ERROR_AFTER_MS : 8 + ((i * 7 + run) % 30))
    return [
      { ...asked, type: 'invoke' as const, atMs, wall: wallOf(atMs) },
      { ...asked, type: outcome, atMs: toldMs, wall: wallOf(toldMs), ...(inGap ? { status: 503 } : {}) }
    ]
  })
}

function paperOf(orderId: string, soldMs: number): Paper {
  const [publishedAt, issuedAt, renderedAt, mailedAt] = [20, 60, 900, 1_100].map((ms) => wallOf(soldMs + ms))
  return {
    orderId,
    totalClp: 1_000,
    soldAt: wallOf(soldMs),
    publishedAt: publishedAt!,
    issuedAt: issuedAt!,
    renderedAt: renderedAt!,
    mailedAt: mailedAt!
  }
}

function runOf(run: number, gapMs: number): Run {
  return {
    ...{ run, struckMs: startOf(run) + STRUCK_MS, own: null, gapMs, calmGapMs: 120, gapsMs: { hold: gapMs, sale: gapMs + 300 } },
    ...{
      calmGapsMs: { hold: 120, sale: 600 },
      wholeMs: WHOLE_MS - HEALED_MS,
      came: 70,
      sawErrors: 10,
      answerMsMax: 900,
      knownMsMax: gapMs + 400
    },
    ...{ bitten: ['a reign ended'], missed: [], trouble: [], seconds: ENDED_MS / 1_000, pageGapMs: null, figures: { share: run / 100 } }
  }
}

function figuresOf(each: Run[]) {
  return {
    ...{ scenario: 'postgres-primary-killed', seed: 7, lost: 0, doubled: 0, phantoms: 0, unknown: 0, violations: [], holds: true },
    what: 'The node of the PostgreSQL primary dies at once',
    promise: 'Another node reigns within five seconds',
    badRunsShareMax: each.length > 0 ? Math.min(1, 3 / each.length) : null,
    outcomes: { ok: 500, refused: 40, unknown: 0 },
    errorsSeenByBuyers: 30,
    coverage: { 'a reign ended': each.length, 'commands refused': 40 },
    ...{
      answerMsMax: 900,
      knownMsMax: 2_000,
      load: LOAD,
      secondsPerRun: ENDED_MS / 1_000,
      each,
      evidence: 'nowhere/postgres-primary-killed-7'
    },
    rtoMs: spreadOf(each.map(({ gapMs }) => gapMs)),
    calmGapMs: spreadOf(each.flatMap(({ calmGapMs }) => calmGapMs ?? [])),
    saleGapMs: spreadOf(each.flatMap(({ gapsMs }) => gapsMs?.sale ?? [])),
    wholeMs: spreadOf(each.map(({ wholeMs }) => wholeMs)),
    waitedMs: { hold: { p50: 12, p99: 900, max: 940 }, sale: { p50: 15, p99: null, max: 930 } },
    made: {
      ...{ commit: 'c0ffee', clean: true, node: 'v24.0.0', cpus: 2, memoryBytes: 8 * 2 ** 30, kernel: '6.1.0' },
      ...{ beganAt: wallOf(BEGAN_MS), endedAt: wallOf(BEGAN_MS + each.length * RUN_MS) }
    }
  }
}
