import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endWith } from '../cluster/arguments.ts'
import { violationsIn } from './checks.ts'
import { machineMs } from './clock.ts'
import { openClosing } from './closing.ts'
import { readHistory, storiesIn } from './history.ts'
import { closeLedger } from './ledger.ts'
import { oneRun, type Run } from './one-run.ts'
import { notRun, type Result, type Series, summaryOf } from './result.ts'
import { lackFor, openStage, type Stage } from './stage.ts'
import type { Totals } from './totals.ts'
import { brokenAmong, brokenIn, unknownAmong } from './verdict.ts'

/** Documents that do not become more for so long will not come by themselves: longer than any lease that a dead process held. */
const STILL_SECONDS_MAX = 180
const LOOK_SECONDS = 15
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const INTERRUPTED = 130 // as a shell says it

/** Opens a shop, does a fault to it again and again, closes the books, and checks all of it. */
export async function playSeries(series: Series, say: (text: string) => void): Promise<Result> {
  const lack = await lackFor(series.scenario)
  if (lack) return notRun(series, lack)
  const trouble: string[] = []
  const closing = openClosing()
  const stop = () => void closing.close().then(() => process.exit(INTERRUPTED), endWith)
  for (const signal of SIGNALS) process.on(signal, stop) // also while it opens or closes: what the kernel was told outlives us
  try {
    const stage = await openStage(series, closing, say, (err) => trouble.push(err.message))
    const each: Run[] = []
    for (let run = 1; run <= series.runs; run++) {
      const one = await oneRun(stage, series.scenario, run, series.seed, say)
      one.trouble.push(...(await soFar(stage).catch((err: Error) => [err.message])))
      each.push(one)
      say(lineOf(one))
      if (one.trouble.length > 0 || trouble.length > 0) break // what comes after a broken run shows nothing
    }
    const result = await conclude(stage, series, each, trouble, say)
    writeFileSync(join(stage.directory, 'result.json'), `${JSON.stringify(result, null, 2)}\n`)
    return result
  } finally {
    await closing.close() // whoever was interrupted ends here, by the signal's hand
    for (const signal of SIGNALS) process.off(signal, stop)
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
  await stage.crowd.rest().catch((err: Error) => void trouble.push(err.message))
  const { stillSecondsMax = STILL_SECONDS_MAX } = series.scenario
  const ledger = await closedLedger(series.number, stillSecondsMax)
  const stories = storiesIn(readHistory(stage.historyPath))
  const sold = await stage.watch.sold().catch((err: Error) => void trouble.push(`the books cannot be read: ${err.message}`))
  const found = sold ? violationsIn(stories, sold) : []
  const summary = summaryOf(series, each, stories)
  const violations = [
    ...found.map(({ check, what }) => `${check}: ${what}`),
    ...ledger.differences.map((what) => `ledger: ${what}`),
    ...brokenAmong(stories, summary.acknowledged, each.length, series.scenario),
    ...each.flatMap((run) => brokenIn(run, series.scenario)),
    ...trouble
  ]
  const count = (check: string) => found.filter((violation) => violation.check === check).length
  return {
    ...summary,
    coverage: { ...summary.coverage, ...repeatsIn(ledger) },
    ...{
      lost: count('lost') + each.reduce((sum, { own }) => sum + (own?.lost ?? 0), 0),
      doubled: count('doubled'),
      phantoms: count('phantom'),
      violations,
      unknown: unknownAmong(stories)
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

function lineOf({ run, gapMs, gapsMs, calmGapMs, wholeMs, came, sawErrors, answerMsMax, missed, trouble, seconds }: Run): string {
  const bad = [...missed.map((what) => `not true that ${what}`), ...trouble]
  const line = `  run ${String(run).padStart(3)}: ${gapMs} ms without a success (calm: ${calmGapMs})${gapsMs ? `, ${gapsMs.sale} ms without a sale` : ''}, whole after ${wholeMs} ms, longest answer ${answerMsMax} ms, errors ${sawErrors} of ${came} (${seconds} s)`
  return [line, ...bad.map((what) => `      - ${what}`)].join('\n')
}
