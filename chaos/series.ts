import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ROOT } from '../cluster/instance.ts'
import { violationsIn } from './checks.ts'
import { machineMs } from './clock.ts'
import { readCopies } from './copies.ts'
import { openRecord, PAGE, type Paper, readEvidence } from './evidence.ts'
import { storiesIn } from './history.ts'
import { closeLedger } from './ledger.ts'
import { making } from './made.ts'
import { oneRun, type Run } from './one-run.ts'
import { readPapers } from './papers.ts'
import { misprints } from './printed.ts'
import { reportPage } from './report-page/report-page.ts'
import { type Result, type Series, summaryOf } from './result.ts'
import { LOAD, type Scenario } from './scenario.ts'
import type { Sold } from './sold.ts'
import type { Stage } from './stage.ts'
import type { Totals } from './totals.ts'
import { brokenAmong, brokenIn, unknownAmong } from './verdict.ts'

/** Documents that do not become more for so long will not come by themselves: longer than any lease that a dead process held. */
const STILL_SECONDS_MAX = 180
const LOOK_SECONDS = 15

/**
 * Does a fault to a shop again and again while people buy, closes the books, and
 * checks all that was ever bought there.
 *
 * @param directory - Where the evidence is kept.
 * @param trouble - What went wrong with the buyers so far.
 */
export async function playSeries(
  stage: Stage,
  series: Series,
  directory: string,
  trouble: string[],
  say: (text: string) => void
): Promise<Result> {
  const { scenario, runs, first, seed } = series
  say(`\n${series.name}: ${scenario.what}\n  ${scenario.promise}`)
  const made = await making()
  const record = openRecord(directory)
  const beganMs = machineMs()
  const each: Run[] = []
  await stage.crowd.come({ ...LOAD, ...scenario.load })
  for (let run = first; run < first + runs; run++) {
    const one = await oneRun(stage, scenario, run, seed, (moment) => {
      record.note(moment)
      if (moment.text !== undefined) say(`    ${moment.text}`)
    })
    one.trouble.push(...(await soFar(stage, scenario).catch((err: Error) => [err.message])))
    each.push(one)
    say(lineOf(one))
    if (one.trouble.length > 0 || trouble.length > 0) break // what comes after a broken run shows nothing
  }
  const result = { ...(await conclude(stage, series, each, beganMs, trouble, say)), made: made(), evidence: relative(ROOT, directory) }
  const papers = papersOf(await readPapers(stage.watch, stage.instance).catch(complain(result)), result.made.beganAt)
  result.violations.push(...(await misprints(stage.instance, papers).catch(complain(result))).map((what) => `misprint: ${what}`))
  result.holds = result.violations.length === 0 && each.length === runs
  const history = stage.history().filter(({ atMs }) => atMs >= beganMs)
  record.close(result, history, papers)
  writeFileSync(join(directory, PAGE), reportPage(readEvidence(directory), scenario))
  return result
}

/** What buyers were told before now is compared with the primary of now. Who asked since is not in it, so phantoms are for the end. */
async function soFar({ history, watch }: Stage, { exempt }: Scenario): Promise<string[]> {
  const stories = storiesIn(history())
  const violations = violationsIn(stories, await watch.sold())
  return violations.filter(({ check }) => check !== 'phantom' && !exempt?.includes(check)).map(({ check, what }) => `${check}: ${what}`)
}

/** The checks are for all that was ever bought in this shop, the figures for this series. */
async function conclude(
  { crowd, instance, history, watch }: Stage,
  series: Series,
  each: Run[],
  beganMs: number,
  trouble: string[],
  say: (text: string) => void
) {
  say('  no more buyers; waiting until every sale has its documents')
  await crowd.rest().catch((err: Error) => void trouble.push(err.message))
  const ledger = await settledLedger(instance.instance, series.scenario)
  const sold = await watch.sold().catch((err: Error) => void trouble.push(`the books cannot be read: ${err.message}`))
  const copies = await readCopies(instance, watch.query).catch((err: Error) => {
    trouble.push(`the nodes cannot be compared: ${err.message}`)
    return []
  })
  const all = storiesIn(history())
  const wrongIn = (sold: Sold) => violationsIn(all, sold).filter(({ check }) => !series.scenario.exempt?.includes(check))
  const found = sold ? wrongIn(sold) : []
  const stories = all.filter(({ invokedMs }) => invokedMs >= beganMs)
  const summary = summaryOf(series, each, stories)
  const violations = [
    ...found.map(({ check, what }) => `${check}: ${what}`),
    ...copies.flatMap(({ node, sold }) => wrongIn(sold).map(({ check, what }) => `${check} on ${node}: ${what}`)),
    ...ledger.differences.map((what) => `ledger: ${what}`),
    ...brokenAmong(stories, summary.acknowledged, each.length, series.scenario),
    ...each.flatMap((run) => brokenIn(run, series.scenario)),
    ...trouble
  ]
  const count = (check: string) => found.filter((violation) => violation.check === check).length
  return {
    ...summary,
    coverage: { ...summary.coverage, ...repeatsIn(ledger) },
    lost: count('lost') + each.reduce((sum, { own }) => sum + (own?.lost ?? 0), 0),
    doubled: count('doubled'),
    phantoms: count('phantom'),
    violations,
    unknown: unknownAmong(stories),
    holds: false // until everything was looked at
  }
}

/**
 * Documents take as long as the machine needs for them: what counts is that
 * fewer are missing all the time. A look that failed, as on a machine that is
 * short of processors, is no progress.
 */
async function settledLedger(
  instance: number,
  { stillSecondsMax = STILL_SECONDS_MAX, exemptDifferences }: Scenario
): Promise<Partial<Totals> & { differences: string[] }> {
  let fewest = Number.POSITIVE_INFINITY
  for (let sinceMs = machineMs(); ; ) {
    const ledger = await closeLedger(instance, LOOK_SECONDS).catch((err: Error) => ({ differences: [err.message], failed: true }))
    if (exemptDifferences) ledger.differences = ledger.differences.filter((what) => !exemptDifferences.test(what))
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

function complain({ violations }: Pick<Result, 'violations'>): (err: Error) => [] {
  return (err) => {
    violations.push(`nobody can look at the documents: ${err.message}`)
    return []
  }
}

function papersOf(papers: Paper[], beganAt: string): Paper[] {
  return papers.filter(({ soldAt }) => soldAt >= beganAt)
}

function lineOf({ run, gapMs, gapsMs, calmGapMs, wholeMs, came, sawErrors, answerMsMax, missed, trouble, seconds }: Run): string {
  const bad = [...missed.map((what) => `not true that ${what}`), ...trouble]
  const line = `  run ${String(run).padStart(3)}: ${gapMs} ms without a success (calm: ${calmGapMs})${gapsMs ? `, ${gapsMs.sale} ms without a sale` : ''}, whole after ${wholeMs} ms, longest answer ${answerMsMax} ms, errors ${sawErrors} of ${came} (${seconds} s)`
  return [line, ...bad.map((what) => `      - ${what}`)].join('\n')
}
