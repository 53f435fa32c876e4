import type { Op } from '../history.ts'
import type { Bundle } from './bundles.ts'
import { type RunMoments, runsIn } from './runs.ts'

export type Successes = Op[] | 'documents'

/** What one fault cost. */
export interface Incident {
  bundle: string
  run: number
  at: string
  /** The longest time without a success that touches the time from the fault to the end of its run. */
  ms: number
}

export function incidentsIn(bundle: Bundle, successes: Successes): Incident[] {
  const okMs = successesMs(bundle, successes)
  const atMs = clockOf(successes)
  return runsIn(bundle.timeline).map(({ run, struck, ended }) => ({
    bundle: bundle.name,
    run,
    at: struck.wall,
    ms: gapMs(okMs, atMs(struck), atMs(ended))
  }))
}

/**
 * Successes before and after the span count as its edges; where there is none, the span's own do.
 *
 * @param okMs - In order.
 */
export function gapMs(okMs: readonly number[], fromMs: number, toMs: number): number {
  const points = [
    okMs.findLast((ms) => ms < fromMs) ?? fromMs,
    ...okMs.filter((ms) => ms >= fromMs && ms <= toMs),
    okMs.find((ms) => ms > toMs) ?? toMs
  ]
  return points.reduce((longest, ms, i) => (i === 0 ? 0 : Math.max(longest, ms - points[i - 1]!)), 0)
}

/** Buyers write down the machine's clock; databases, the time of day. */
function clockOf(successes: Successes): (moment: RunMoments['struck']) => number {
  return successes === 'documents' ? ({ wall }) => Date.parse(wall) : ({ atMs }) => atMs
}

function successesMs({ history, papers }: Bundle, successes: Successes): number[] {
  const unsorted =
    successes === 'documents'
      ? papers.flatMap(({ renderedAt }) => (renderedAt === null ? [] : [Date.parse(renderedAt)]))
      : history.filter(({ type, op, again }) => type === 'ok' && successes.includes(op) && !again).map(({ atMs }) => atMs)
  return unsorted.toSorted((a, b) => a - b)
}
