import assert from 'node:assert/strict'

/** One turn of both sides, close together in time; `ratio` is ours over the baseline. */
export interface Round {
  ours: number
  baseline: number
  ratio: number
}

/** A turn with nothing beside it. */
export interface Measured {
  ours: number
  baseline: number | null
  ratio: number | null
}

export interface Quantiles {
  p50: number
  p95: number
  p99: number
  max: number
}

/** The nearest rank: a value that was measured, never one between two. Of nothing: not a number. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b)
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? Number.NaN }
}

/** Of an even number of values: the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  assert(values.length > 0, 'nothing was measured')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * Lets both sides take turns, so that what the machine does beside them meets
 * both. Each takes one turn before that does not count.
 */
export async function alternate<A, B>(
  rounds: number,
  ours: () => Promise<A>,
  baseline: () => Promise<B>
): Promise<Array<{ ours: A; baseline: B }>> {
  await ours()
  await baseline()
  const all: Array<{ ours: A; baseline: B }> = []
  for (let round = 0; round < rounds; round++) all.push({ ours: await ours(), baseline: await baseline() })
  return all
}

export function roundOf(ours: number, baseline: number): Round {
  return { ours, baseline, ratio: ours / baseline }
}

/** The medians of each column; that of the ratios is no ratio of the others. */
export function mediansOf(rounds: readonly Round[]): Round {
  const column = (name: keyof Round) => median(rounds.map((round) => round[name]))
  return { ours: column('ours'), baseline: column('baseline'), ratio: column('ratio') }
}

/** Four digits say enough about what moves by half from run to run. */
export function rounded<T>(value: T): T {
  if (typeof value === 'number') return (Number.isInteger(value) ? value : Number(value.toPrecision(4))) as T
  if (Array.isArray(value)) return value.map((one) => rounded(one)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)])) as T
}
