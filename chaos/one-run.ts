import { setTimeout as sleep } from 'node:timers/promises'
import { machineMs } from './clock.ts'
import type { Moment } from './evidence.ts'
import { type GapsMs, gapsMs, longestGapMs, type Nuisance, nuisanceIn, successesMs } from './figures.ts'
import { storiesIn } from './history.ts'
import type { OwnLoad, Scenario } from './scenario.ts'
import { sceneOf } from './scene.ts'
import type { Stage } from './stage.ts'

/** Before the fault: what these seconds show is what no fault costs. */
const CALM_MS = 1_500
/** After everything is whole: buyers who were kept waiting are served. */
const AFTER_MS = 1_000
const WHOLE_MS_MAX = 90_000

/** What one fault came to. */
export interface Run extends Nuisance {
  run: number
  /** By the machine's clock. */
  struckMs: number
  /** The longest time without a success at the box office, fault and healing included. */
  gapMs: number
  /** The same in the calm seconds before. */
  calmGapMs: number | null
  /** Of each kind of command; null when the load was the scenario's own. */
  gapsMs: GapsMs | null
  calmGapsMs: GapsMs | null
  own: OwnLoad | null
  /** The longest time without a page of the catalogue; null when nobody looks at it. */
  pageGapMs: number | null
  /** What the scenario measured beside all that. */
  figures: Record<string, number>
  /** From the end of the healing until everything was as before. */
  wholeMs: number
  /** What must have happened, and did. */
  bitten: string[]
  /** And did not. */
  missed: string[]
  /** What went wrong with the run itself. */
  trouble: string[]
  seconds: number
}

/**
 * One fault, its healing, and what buyers lived through.
 *
 * @param note - Is told what happens, as it does.
 */
export async function oneRun(stage: Stage, scenario: Scenario, run: number, seed: number, note: (moment: Moment) => void): Promise<Run> {
  const at: Partial<Record<Moment['what'], number>> = {}
  const tell = (what: Moment['what'], text?: string) => {
    const atMs = machineMs()
    at[what] = atMs
    note({ what, run, atMs, wall: new Date().toISOString(), ...(text === undefined ? {} : { text }) })
    return atMs
  }
  const beganMs = tell('began')
  const [bitten, missed, trouble]: [string[], string[], string[]] = [[], [], []]
  const figures: Run['figures'] = {}
  await sleep(CALM_MS)
  const scene = sceneOf(stage, { run, seed, note: tell, beganMs, bitten, missed, trouble, figures, struckMs: () => at.struck ?? 0 })
  const own = await scenario.run(scene).catch((err: Error) => void trouble.push(err.message))
  await stage.faults.rejoin()
  const healedMs = tell('healed')
  const struckMs = at.struck ?? healedMs
  const whole = async () => (await stage.watch.missing()).length === 0
  await scene.eventually('a whole cluster', scenario.wholeMsMax ?? WHOLE_MS_MAX, whole).catch(async () => {
    trouble.push(`not whole again: ${(await stage.watch.missing()).join('; ')}`)
  })
  const wholeMs = tell('whole')
  await sleep(AFTER_MS)
  const endMs = tell('ended')
  const entries = stage.history()
  const okMs = successesMs(entries)
  const pagesMs = successesMs(entries, ['page']).filter((ms) => ms >= beganMs)
  const before = entries.filter(({ atMs }) => atMs <= struckMs)
  const calm = [beganMs + CALM_MS / 3, beganMs + CALM_MS] as const
  if (!own && !okMs.some((ms) => ms >= beganMs && ms <= calm[1])) trouble.push('nobody could buy in the calm seconds before the fault')
  return {
    run,
    struckMs,
    own: own ?? null,
    pageGapMs: pagesMs.length > 0 ? longestGapMs(pagesMs, struckMs, endMs) : null,
    figures,
    gapMs: own?.gapMs ?? longestGapMs(okMs, struckMs, endMs),
    calmGapMs: own ? null : longestGapMs(successesMs(before), ...calm),
    gapsMs: own ? null : gapsMs(entries, struckMs, endMs),
    calmGapsMs: own ? null : gapsMs(before, ...calm),
    wholeMs: Math.round(wholeMs - healedMs),
    ...nuisanceIn(
      storiesIn(entries).filter(({ op }) => op === 'sale' || op === 'hold'),
      struckMs,
      endMs
    ),
    bitten,
    missed,
    trouble,
    seconds: Math.round((endMs - beganMs) / 100) / 10
  }
}
