import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { violationsIn } from './checks.ts'
import { type Spread, spreadOf } from './figures.ts'
import { readHistory, type Story, storiesIn } from './history.ts'
import { closeLedger } from './ledger.ts'
import type { Load } from './load/load.ts'
import { oneRun, type Run } from './one-run.ts'
import { LOAD, type Scenario } from './scenario.ts'
import { lackFor, openStage, type Stage } from './stage.ts'

/** Everything that was sold has its documents by then: longer than any lease that a dead process held. */
const QUIET_SECONDS_MAX = 180
const SUCCESS_SHARE = 3

/** What a series of runs came to. The first line is what the command promises; the others say more. */
export interface Result {
  scenario: string
  seed: number
  runs: number
  acknowledged: number
  lost: number
  doubled: number
  phantoms: number
  violations: string[]
  rtoMs: Spread
  holds: boolean
  what: string
  promise: string
  /** With no bad run in so many, the share of bad ones is below this with 95 % confidence. */
  badRunsShareMax: number | null
  outcomes: Record<'ok' | 'refused' | 'unknown', number>
  /** Commands that nobody ever learned the outcome of. */
  unknown: number
  errorsSeenByBuyers: number
  answerMsMax: number
  knownMsMax: number
  calmGapMs: Spread
  wholeMs: Spread
  load: Load
  secondsPerRun: number
  evidence: string
  each: Run[]
  notRun?: string
}

export interface Series {
  number: number
  name: string
  scenario: Scenario
  seed: number
  runs: number
}

/** Opens a shop, does a fault to it again and again, closes the books, and checks all of it. */
export async function playSeries(series: Series, say: (text: string) => void): Promise<Result> {
  const lack = await lackFor(series.scenario)
  if (lack) return notRun(series, lack)
  const trouble: string[] = []
  const stage = await openStage(series, say, (err) => trouble.push(err.message))
  const stop = () => void stage.close().then(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
  try {
    const each: Run[] = []
    for (let run = 1; run <= series.runs; run++) {
      const one = await oneRun(stage, series.scenario, run, series.seed, say)
      each.push(one)
      const found = await soFar(stage)
      say(lineOf(one, found))
      if (found.length > 0 || one.trouble.length > 0) break // what comes after a broken run shows nothing
    }
    const result = await conclude(stage, series, each, trouble, say)
    writeFileSync(join(stage.directory, 'result.json'), `${JSON.stringify(result, null, 2)}\n`)
    return result
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop)
    await stage.close()
  }
}

/** What buyers were told before now is compared with the primary of now. Who asked since is not in it, so phantoms are for the end. */
async function soFar({ historyPath, watch }: Stage): Promise<string[]> {
  const stories = storiesIn(readHistory(historyPath))
  const violations = violationsIn(stories, await watch.sold())
  return violations.filter(({ check }) => check !== 'phantom').map(({ check, what }) => `${check}: ${what}`)
}

async function conclude(stage: Stage, series: Series, each: Run[], trouble: string[], say: (text: string) => void): Promise<Result> {
  say('  no more buyers; waiting until every sale has its documents')
  await stage.crowd.rest()
  const ledger = await closeLedger(series.number, series.scenario.quietSecondsMax ?? QUIET_SECONDS_MAX, () => {}).catch((err: Error) => ({
    differences: [err.message]
  }))
  const stories = storiesIn(readHistory(stage.historyPath))
  const found = violationsIn(stories, await stage.watch.sold())
  const commands = stories.filter(({ op }) => op === 'sale' || op === 'hold')
  const unknown = commands.filter(({ last }) => last === undefined || last.type === 'unknown').length
  const { gapMsMax = Number.POSITIVE_INFINITY } = series.scenario
  const violations = [
    ...found.map(({ check, what }) => `${check}: ${what}`),
    ...ledger.differences.map((what) => `ledger: ${what}`),
    ...(unknown > 0 ? [`liveness: ${unknown} commands were never answered`] : []),
    ...each.flatMap(({ run, missed }) => missed.map((what) => `run ${run} shows nothing: not true that ${what}`)),
    ...each.flatMap(({ run, trouble }) => trouble.map((what) => `run ${run}: ${what}`)),
    ...each
      .filter(({ gapMs }) => gapMs > gapMsMax)
      .map(({ run, gapMs }) => `run ${run}: ${gapMs} ms without a success, promised ${gapMsMax}`),
    ...trouble.map((what) => `buyers: ${what}`)
  ]
  const count = (check: string) => found.filter((violation) => violation.check === check).length
  return {
    ...summaryOf(series, each, stories),
    ...{ lost: count('lost'), doubled: count('doubled'), phantoms: count('phantom'), violations, unknown },
    holds: violations.length === 0 && each.length === series.runs,
    evidence: stage.directory
  }
}

function summaryOf({ name, scenario, seed }: Series, each: Run[], stories: Story[]) {
  const lasts = Map.groupBy(stories, ({ last }) => last?.type ?? 'unknown')
  const count = (type: string) => lasts.get(type as 'ok')?.length ?? 0
  const max = (values: number[]) => Math.max(0, ...values)
  return {
    scenario: name,
    seed,
    runs: each.length,
    acknowledged: stories.filter(({ op, oks }) => op !== 'read' && oks.length > 0).length,
    rtoMs: spreadOf(each.map(({ gapMs }) => gapMs)),
    what: scenario.what,
    promise: scenario.promise,
    badRunsShareMax: each.length > 0 ? Math.min(1, SUCCESS_SHARE / each.length) : null,
    outcomes: { ok: count('ok'), refused: count('refused'), unknown: count('unknown') },
    errorsSeenByBuyers: stories.filter(({ first }) => first?.type === 'unknown').length,
    answerMsMax: max(each.map(({ answerMsMax }) => answerMsMax)),
    knownMsMax: max(each.map(({ knownMsMax }) => knownMsMax)),
    calmGapMs: spreadOf(each.map(({ calmGapMs }) => calmGapMs)),
    wholeMs: spreadOf(each.map(({ wholeMs }) => wholeMs)),
    load: { ...LOAD, ...scenario.load },
    secondsPerRun: Math.round((each.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, each.length)) * 10) / 10,
    each
  }
}

/** Neither green nor red: nobody looked. */
function notRun(series: Series, lack: string): Result {
  const nothing = { lost: 0, doubled: 0, phantoms: 0, violations: [], unknown: 0, evidence: '' }
  return { ...summaryOf(series, [], []), ...nothing, holds: false, notRun: lack }
}

function lineOf({ run, gapMs, calmGapMs, wholeMs, came, sawErrors, answerMsMax, missed, trouble, seconds }: Run, found: string[]): string {
  const bad = [...missed.map((what) => `not true that ${what}`), ...trouble, ...found]
  const line = `  run ${String(run).padStart(3)}: ${gapMs} ms without a success (calm: ${calmGapMs}), whole after ${wholeMs} ms, longest answer ${answerMsMax} ms, errors ${sawErrors} of ${came} (${seconds} s)`
  return [line, ...bad.map((what) => `      - ${what}`)].join('\n')
}
