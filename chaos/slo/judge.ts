import { type Bundle, ofScenarios } from './bundles.ts'
import type { Claim } from './definitions.ts'
import { valuesOf } from './values.ts'
import { measuredText } from './words.ts'

/** With no bad one among N, fewer than three in N are bad, in nineteen of twenty cases. */
const RULE_OF_THREE = 3
/** A claim that allows no bad one is called kept once no more than this can be bad: three hundred things without one. */
const NONE_SHARE_MAX = 0.01
/** As many standard deviations have nineteen of twenty below them. */
const DEVIATIONS_95 = 1.645
/** Shares of things are written in binary: 0.99 of 100 must be 99. */
const HAIR = 1e-9
const SECOND_MS = 1_000

/** `never`: it did not come at all. Null: too few things have no such percentile. */
export type Rank = number | 'never' | null

/** What one claim came to. Everything here is reckoned again by `docs/slo/verify.mjs`. */
export interface Figure {
  claim: string
  total: number
  good: number
  bad: number
  /** How many may be bad. */
  budget: number
  p50: Rank
  p95: Rank
  p99: Rank
  max: Rank
  min: Rank
  /** The share of bad ones is below this with 95 % confidence; null where it is not a share of things that were seen. */
  badShareMax: number | null
  /** `so far`: kept, but too little was seen to exclude with 95 % confidence that it is not, or a series is missing. */
  verdict: 'yes' | 'so far' | 'no' | 'unmeasured'
  measured: string
  bundles: string[]
  /** Series that it should be reckoned from, and that nobody has kept. */
  lacking: string[]
}

export function judge(claim: Claim, bundles: Bundle[]): Figure {
  const { measure } = claim.indicator
  const values = valuesOf(measure, bundles).toSorted((a, b) => a - b)
  const { total, good } = measure.measure === 'downtime' ? secondsLeft(claim, measure.faultsPerWindow, values) : counted(claim, values)
  const isSpread = claim.limit !== undefined || measure.measure === 'downtime'
  const ranks = isSpread ? ranksOf(values) : ranksOf([])
  const budget = claim.every ? 0 : Math.floor((1 - claim.target) * total + HAIR)
  const badShareMax = total === 0 || measure.measure === 'downtime' ? null : badShareAtMost(total - good, total)
  const lacking = measure.scenarios.filter((scenario) => ofScenarios(bundles, [scenario]).length === 0)
  const unsure = lacking.length > 0 ? 1 : (badShareMax ?? badShareAtMost(0, values.length))
  const figure = {
    claim: claim.name,
    ...{ total, good, bad: total - good, budget },
    ...ranks,
    badShareMax,
    verdict: verdictOf(claim, { total, bad: total - good, budget }, unsure),
    lacking,
    bundles: values.length === 0 ? [] : ofScenarios(bundles, measure.scenarios).map(({ name }) => name)
  }
  return { ...figure, measured: measuredText(claim, figure) }
}

/** @param unsure - The share that may be bad although nobody saw it: of things, or of the incidents that a projection rests on. */
function verdictOf(
  { every, target, indicator }: Claim,
  { total, bad, budget }: Pick<Figure, 'total' | 'bad' | 'budget'>,
  unsure: number
): Figure['verdict'] {
  if (total === 0) return 'unmeasured'
  if (bad > budget) return 'no'
  const unsureMax = every || indicator.measure.measure === 'downtime' ? NONE_SHARE_MAX : 1 - target
  return unsure <= unsureMax + HAIR ? 'yes' : 'so far'
}

/** Bad ones are few and independent: then their number is Poisson's, here by the approximation of Wilson and Hilferty. */
function badShareAtMost(bad: number, total: number): number {
  const n = bad + 1
  const badMax = bad === 0 ? RULE_OF_THREE : n * (1 - 1 / (9 * n) + DEVIATIONS_95 / (3 * Math.sqrt(n))) ** 3
  return rounded(Math.min(1, badMax / total), 6)
}

function counted({ limit }: Claim, values: number[]): Pick<Figure, 'total' | 'good'> {
  const isGood = (value: number) => (limit === undefined ? value === 0 : limit.op === 'lt' ? value < limit.value : value >= limit.value)
  return { total: values.length, good: values.filter(isGood).length }
}

/** Each fault of a window costs as long as the longest that was seen. */
function secondsLeft({ windowMs }: Claim, faults: number, values: number[]): Pick<Figure, 'total' | 'good'> {
  const longest = values.at(-1)
  if (longest === undefined) return { total: 0, good: 0 }
  const total = windowMs / SECOND_MS
  return { total, good: Math.max(0, total - faults * Math.ceil(longest / SECOND_MS)) }
}

/** @param sorted - Ascending. A percentile needs so many things that one of them may be beyond it. */
export function ranksOf(sorted: readonly number[]): Pick<Figure, 'p50' | 'p95' | 'p99' | 'max' | 'min'> {
  const at = (percent: number) =>
    sorted.length * (100 - percent) < 100 ? null : rankOf(sorted[Math.ceil((percent * sorted.length) / 100) - 1])
  return { p50: at(50), p95: at(95), p99: at(99), max: rankOf(sorted.at(-1)), min: rankOf(sorted[0]) }
}

function rankOf(value: number | undefined): Rank {
  if (value === undefined) return null
  return Number.isFinite(value) ? rounded(value, 3) : 'never'
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
