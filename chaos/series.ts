import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { violationsIn } from './checks.ts'
import { machineMs } from './clock.ts'
import { readHistory, storiesIn } from './history.ts'
import { closeLedger } from './ledger.ts'
import { oneRun, type Run } from './one-run.ts'
import { notRun, type Result, type Series, summaryOf } from './result.ts'
import type { Scenario } from './scenario.ts'
import { lackFor, openStage, type Stage } from './stage.ts'
import type { Totals } from './totals.ts'

/** Documents that do not become more for so long will not come by themselves: longer than any lease that a dead process held. */
const STILL_SECONDS_MAX = 180
const LOOK_SECONDS = 15

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
      one.trouble.push(...(await soFar(stage).catch((err: Error) => [err.message])))
      each.push(one)
      say(lineOf(one))
      if (one.trouble.length > 0) break // what comes after a broken run shows nothing
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
  const { stillSecondsMax = STILL_SECONDS_MAX } = series.scenario
  const ledger = await closedLedger(series.number, stillSecondsMax)
  const stories = storiesIn(readHistory(stage.historyPath))
  const sold = await stage.watch.sold().catch((err: Error) => void trouble.push(`the books cannot be read: ${err.message}`))
  const found = sold ? violationsIn(stories, sold) : []
  const unknown = stories.filter(({ op, last }) => (op === 'sale' || op === 'hold') && (last?.type ?? 'unknown') === 'unknown').length
  const violations = [
    ...found.map(({ check, what }) => `${check}: ${what}`),
    ...ledger.differences.map((what) => `ledger: ${what}`),
    ...(unknown > 0 ? [`liveness: ${unknown} commands were never answered`] : []),
    ...each.flatMap((run) => brokenIn(run, series.scenario)),
    ...trouble
  ]
  const summary = summaryOf(series, each, stories)
  const count = (check: string) => found.filter((violation) => violation.check === check).length
  return {
    ...summary,
    coverage: { ...summary.coverage, ...repeatsIn(ledger) },
    ...{
      lost: count('lost') + each.reduce((sum, { own }) => sum + (own?.lost ?? 0), 0),
      doubled: count('doubled'),
      phantoms: count('phantom'),
      violations,
      unknown
    },
    holds: violations.length === 0 && each.length === series.runs,
    evidence: stage.directory
  }
}

/**
 * Documents take as long as the machine needs for them: what counts is that
 * fewer are missing all the time. A look that failed, as on a machine that is
 * short of processors, is no progress.
 */
async function closedLedger(instance: number, stillSecondsMax: number): Promise<Partial<Totals> & { differences: string[] }> {
  let fewest = Number.POSITIVE_INFINITY
  for (let sinceMs = machineMs(); ; ) {
    const ledger = await closeLedger(instance, LOOK_SECONDS).catch((err: Error) => ({ differences: [err.message], failed: true }))
    if (ledger.differences.length === 0) return ledger
    if (!('failed' in ledger) && ledger.differences.length < fewest) {
      fewest = ledger.differences.length
      sinceMs = machineMs()
    }
    if (machineMs() - sinceMs > stillSecondsMax * 1_000) return ledger
  }
}

/** What is allowed to happen twice, and took effect once. */
function repeatsIn({ repeatedDeliveries = 0, duplicateMails = 0 }: Partial<Totals>): Record<string, number> {
  return { 'events delivered again': repeatedDeliveries, 'mails sent twice': duplicateMails }
}

function brokenIn({ run, missed, trouble, gapMs }: Run, { gapMsMax = Number.POSITIVE_INFINITY }: Scenario): string[] {
  const slow = gapMs > gapMsMax ? [`${gapMs} ms without a success, promised ${gapMsMax}`] : []
  return [...missed.map((what) => `shows nothing, because it is not true that ${what}`), ...trouble, ...slow].map(
    (what) => `run ${run}: ${what}`
  )
}

function lineOf({ run, gapMs, calmGapMs, wholeMs, came, sawErrors, answerMsMax, missed, trouble, seconds }: Run): string {
  const bad = [...missed.map((what) => `not true that ${what}`), ...trouble]
  const line = `  run ${String(run).padStart(3)}: ${gapMs} ms without a success (calm: ${calmGapMs}), whole after ${wholeMs} ms, longest answer ${answerMsMax} ms, errors ${sawErrors} of ${came} (${seconds} s)`
  return [line, ...bad.map((what) => `      - ${what}`)].join('\n')
}
