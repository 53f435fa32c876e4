import { setTimeout as sleep } from 'node:timers/promises'
import { machineMs } from './clock.ts'
import type { Moment } from './evidence.ts'
import { successesMs } from './figures.ts'
import { type Op, storiesIn } from './history.ts'
import { randomFrom } from './random.ts'
import { NOBODY, type Scene } from './scenario.ts'
import type { Stage } from './stage.ts'

const LOOK_AGAIN_MS = 50
const RUN_SEED_STEP = 7_919
/** Longer than a browser that waits at every step of a purchase. */
const TOLD_MS_MAX = 120_000
const TOLD_LOOK_MS = 500

/** What a run collects, and what it is told apart by. */
export interface Circumstances {
  run: number
  seed: number
  note: (what: Moment['what'], text?: string) => void
  beganMs: number
  bitten: string[]
  missed: string[]
  trouble: string[]
  figures: Record<string, number>
  /** 0 until it has. */
  struckMs: () => number
}

/** Everything that a scenario may do and see in one run. */
export function sceneOf(
  { instance, faults, watch, crowd, history }: Stage,
  { run, seed, note, beganMs, bitten, missed, trouble, figures, struckMs }: Circumstances
): Scene {
  const stories = (op: Op) => storiesIn(history()).filter((story) => story.op === op && story.invokedMs >= beganMs)
  return {
    ...faults,
    instance,
    run,
    random: randomFrom(seed + run * RUN_SEED_STEP),
    query: watch.query,
    missing: watch.missing,
    async view() {
      const view = await watch.view()
      if (!view) throw new Error('the failover does not answer')
      return view
    },
    struck: () => void (struckMs() || note('struck')),
    struckMs,
    sinceStruckMs: () => machineMs() - struckMs(),
    wait: (ms) => sleep(Math.max(0, ms)),
    eventually,
    must: (what, happened = true) => void (happened ? bitten : missed).push(what),
    kept: (what, holds) => void (holds || trouble.push(`promised, and not kept: ${what}`)),
    successes: () => successesMs(history()).filter((atMs) => atMs >= beganMs).length,
    stories,
    told,
    async load(load) {
      await crowd.rest()
      await crowd.come({ ...NOBODY, ...load })
    },
    figure(what, value) {
      figures[what] = value
    },
    say: (text) => note('said', text)
  }

  async function told(op: Op) {
    const nowMs = machineMs()
    const came = () => stories(op).filter(({ invokedMs }) => invokedMs < nowMs)
    for (; came().some(({ first }) => !first) && machineMs() - nowMs < TOLD_MS_MAX; ) await sleep(TOLD_LOOK_MS)
    return came()
  }
}

async function eventually<T>(what: string, msMax: number, look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = machineMs() + msMax
  for (;;) {
    const seen = await look().catch(() => undefined)
    if (seen) return seen
    if (machineMs() > deadline) throw new Error(`${what} did not come within ${msMax} ms`)
    await sleep(LOOK_AGAIN_MS)
  }
}
