import type { Entry, Op, Story } from './history.ts'

/** Fewer runs than this have no 99th percentile, only a longest. */
const RUNS_FOR_P99 = 100
/** What is asked for at a counter, without the rest of the shop. */
const BOX_OFFICE: readonly Op[] = ['hold', 'sale']

export type GapsMs = Record<'hold' | 'sale', number>

export interface Spread {
  p50: number | null
  /** Null below a hundred values. */
  p99: number | null
  max: number | null
}

export function spreadOf(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!
  if (sorted.length === 0) return { p50: null, p99: null, max: null }
  return { p50: at(0.5), p99: sorted.length < RUNS_FOR_P99 ? null : at(0.99), max: sorted.at(-1)! }
}

/**
 * The longest time without a success that touches a span of time: what a fault
 * cost, as all buyers together saw it. Answers count when they arrive.
 *
 * @param okMs - When commands succeeded, in any order.
 */
export function longestGapMs(okMs: number[], fromMs: number, toMs: number): number {
  const sorted = okMs.toSorted((a, b) => a - b)
  const after = sorted.find((ms) => ms > toMs) ?? toMs
  let last = sorted.findLast((ms) => ms < fromMs) ?? fromMs
  let longest = 0
  for (const ms of [...sorted.filter((ms) => ms >= fromMs && ms <= toMs), after]) {
    longest = Math.max(longest, ms - last)
    last = ms
  }
  return Math.round(longest)
}

/** When commands at the box office succeeded. What is told once more to somebody who knows it is no success. */
export function successesMs(entries: readonly Entry[], ops: readonly Op[] = BOX_OFFICE): number[] {
  return entries.filter(({ type, op, again }) => type === 'ok' && ops.includes(op) && !again).map(({ atMs }) => atMs)
}

/** The longest time without a success of each kind: many holds do not hide that nothing is sold. */
export function gapsMs(entries: readonly Entry[], fromMs: number, toMs: number): GapsMs {
  const gapMs = (op: Op) => longestGapMs(successesMs(entries, [op]), fromMs, toMs)
  return { hold: gapMs('hold'), sale: gapMs('sale') }
}

/** What buyers who came within a span of time lived through. */
export interface Nuisance {
  came: number
  /** Who was first told something else than yes or no: an error, or nothing. */
  sawErrors: number
  /** The longest that anybody waited to be told anything. */
  answerMsMax: number
  /** The longest that anybody waited to know. */
  knownMsMax: number
}

export function nuisanceIn(stories: Story[], fromMs: number, toMs: number): Nuisance {
  const came = stories.filter(({ invokedMs, first }) => (first?.atMs ?? toMs) >= fromMs && invokedMs <= toMs)
  const longest = (ends: Array<number>) => Math.round(Math.max(0, ...ends))
  return {
    came: came.length,
    sawErrors: came.filter(({ first }) => first?.type === 'unknown').length,
    answerMsMax: longest(came.map(({ invokedMs, first }) => (first?.atMs ?? toMs) - invokedMs)),
    knownMsMax: longest(came.map(({ invokedMs, told }) => (told[0]?.atMs ?? toMs) - invokedMs))
  }
}
