import { type Spread, spreadOf } from './figures.ts'
import { isCommand, type Op, type Story } from './history.ts'
import type { Load } from './load/load.ts'
import type { Made } from './made.ts'
import type { Run } from './one-run.ts'
import { LOAD, type Scenario } from './scenario.ts'

/** No bad one among N: then fewer than three in N are bad, in nineteen of twenty cases. */
const RULE_OF_THREE = 3

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
  /** How often what makes a test worth something happened. */
  coverage: Record<string, number>
  answerMsMax: number
  knownMsMax: number
  calmGapMs: Spread
  /** The longest time in which nothing was sold, whatever was held. */
  saleGapMs: Spread
  wholeMs: Spread
  /** How long people waited for the first answer, of each kind of thing that they ask. */
  waitedMs: Partial<Record<Op, Spread>>
  load: Load
  secondsPerRun: number
  /** What made it, where and when. */
  made: Made
  evidence: string
  each: Run[]
  notRun?: string
}

export interface Series {
  name: string
  scenario: Scenario
  seed: number
  runs: number
  /** The number of its first run: what is done in several ways goes by it. */
  first: number
}

/** The figures of a series; what was broken is not among them. */
export function summaryOf({ name, scenario, seed }: Series, each: Run[], stories: Story[]) {
  const commands = stories.filter(({ op }) => isCommand(op))
  const lasts = Map.groupBy(commands, ({ last }) => last?.type ?? 'unknown')
  const count = (type: string) => lasts.get(type as 'ok')?.length ?? 0
  const max = (values: number[]) => Math.max(0, ...values)
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return {
    scenario: name,
    seed,
    runs: each.length,
    acknowledged: commands.filter(({ oks }) => oks.length > 0).length + sum(each.map(({ own }) => own?.acknowledged ?? 0)),
    rtoMs: spreadOf(each.map(({ gapMs }) => gapMs)),
    what: scenario.what,
    promise: scenario.promise,
    badRunsShareMax: each.length > 0 ? Math.min(1, RULE_OF_THREE / each.length) : null,
    outcomes: { ok: count('ok'), refused: count('refused'), unknown: count('unknown') },
    errorsSeenByBuyers: commands.filter(({ first }) => first?.type === 'unknown').length,
    coverage: {
      ...Object.fromEntries(
        [
          ...Map.groupBy(
            each.flatMap(({ bitten }) => bitten),
            (what) => what
          )
        ].map(([what, all]) => [what, all.length])
      ),
      'commands refused': count('refused'),
      'asked again after a yes': commands.reduce((sum, { oks }) => sum + Math.max(0, oks.length - 1), 0),
      'commands known at a later try': commands.filter(({ first, last }) => first?.type === 'unknown' && last?.type === 'ok').length
    },
    answerMsMax: max(each.map(({ answerMsMax }) => answerMsMax)),
    knownMsMax: max(each.map(({ knownMsMax }) => knownMsMax)),
    calmGapMs: spreadOf(each.flatMap(({ calmGapMs }) => calmGapMs ?? [])),
    saleGapMs: spreadOf(each.flatMap(({ gapsMs }) => gapsMs?.sale ?? [])),
    wholeMs: spreadOf(each.map(({ wholeMs }) => wholeMs)),
    waitedMs: waitedMsIn(stories),
    load: { ...LOAD, ...scenario.load },
    secondsPerRun: Math.round((each.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, each.length)) * 10) / 10,
    each
  }
}

function waitedMsIn(stories: Story[]): Result['waitedMs'] {
  const answered = stories.filter(({ first }) => first)
  const waits = [...Map.groupBy(answered, ({ op }) => op)].map(
    ([op, all]) => [op, all.map(({ invokedMs, first }) => first!.atMs - invokedMs)] as const
  )
  return Object.fromEntries(waits.map(([op, ms]) => [op, spreadOf(ms.map((one) => Math.round(one * 10) / 10))]))
}

/** Neither green nor red: nobody looked. */
export function notRun(series: Series, made: Made, lack: string): Result {
  const nothing = { lost: 0, doubled: 0, phantoms: 0, violations: [], unknown: 0, evidence: '', made }
  return { ...summaryOf(series, [], []), ...nothing, holds: false, notRun: lack }
}
