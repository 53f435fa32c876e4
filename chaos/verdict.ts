import type { GapsMs } from './figures.ts'
import { isCommand, type Story } from './history.ts'
import { betweenMsMax } from './load/load.ts'
import type { Run } from './one-run.ts'
import { LOAD, type Scenario } from './scenario.ts'

/** What a run shows and did not promise, one sentence each. */
export function brokenIn(run: Run, scenario: Scenario): string[] {
  const { missed, trouble } = run
  return [
    ...missed.map((what) => `shows nothing, because it is not true that ${what}`),
    ...trouble,
    ...slowIn(run, scenario),
    ...noticedIn(run, scenario)
  ].map((what) => `run ${run.run}: ${what}`)
}

/** Anybody's successes are one measure; each kind's are another, and it may be away for longer by the time until the next one comes. */
function slowIn({ gapMs, gapsMs, pageGapMs }: Run, { gapMsMax, pageGapMsMax, load }: Scenario): string[] {
  const pages = pageGapMsMax === undefined ? [] : pagesIn(pageGapMs, pageGapMsMax)
  if (gapMsMax === undefined) return pages
  const perSecond = { ...LOAD, ...load }
  const kinds = (gapsMs ? Object.keys(gapsMs) : []) as Array<keyof GapsMs>
  const limits = kinds.map((op) => ({ op, ms: gapsMs![op], msMax: Math.round(gapMsMax + betweenMsMax(perSecond[`${op}sPerSecond`])) }))
  return [
    ...pages,
    ...(gapMs > gapMsMax ? [`${gapMs} ms without a success, promised ${gapMsMax}`] : []),
    ...limits.filter(({ ms, msMax }) => ms > msMax).map(({ op, ms, msMax }) => `${ms} ms without a ${op}, promised ${msMax}`)
  ]
}

function pagesIn(gapMs: number | null, msMax: number): string[] {
  if (gapMs === null) return ['shows nothing, because nobody saw a page']
  return gapMs > msMax ? [`${gapMs} ms without a page, promised ${msMax}`] : []
}

function noticedIn({ sawErrors, came, answerMsMax }: Run, { unnoticed, gapMsMax }: Scenario): string[] {
  if (!unnoticed) return []
  return [
    ...(sawErrors > 0 ? [`${sawErrors} of ${came} at the box office saw an error first, promised none`] : []),
    ...(answerMsMax > (gapMsMax ?? 0) ? [`somebody waited ${answerMsMax} ms for an answer, promised ${gapMsMax}`] : [])
  ]
}

/** What the whole series shows: that somebody bought, that everybody was told, and that no more purchases failed than may. */
export function brokenAmong(stories: Story[], acknowledged: number, runs: number, { purchasesFailedMax }: Scenario): string[] {
  const unknown = unknownAmong(stories)
  const failed = stories.filter(({ op, first }) => op === 'purchase' && first?.type === 'unknown').length
  const failedMax = (purchasesFailedMax ?? Number.POSITIVE_INFINITY) * runs
  return [
    ...(acknowledged === 0 ? ['shows nothing, because nobody was told that anything was sold'] : []),
    ...(unknown > 0 ? [`liveness: ${unknown} commands were never answered`] : []),
    ...(failed > failedMax ? [`${failed} purchases failed, promised at most ${failedMax}`] : [])
  ]
}

/** Whoever is at the box office asks until told. A browser is told once, and an error is what it was told. */
export function unknownAmong(stories: Story[]): number {
  return stories.filter(({ op, last }) => (op === 'purchase' ? !last : isCommand(op) && (last?.type ?? 'unknown') === 'unknown')).length
}
