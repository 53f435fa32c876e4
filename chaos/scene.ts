import { setTimeout as sleep } from 'node:timers/promises'
import { machineMs } from './clock.ts'
import { successesMs } from './figures.ts'
import { type Entry, readHistory } from './history.ts'
import { randomFrom } from './random.ts'
import type { Scene } from './scenario.ts'
import type { Stage } from './stage.ts'

const LOOK_AGAIN_MS = 50
const RUN_SEED_STEP = 7_919

/** What a run collects, and what it is told apart by. */
export interface Circumstances {
  run: number
  seed: number
  say: (text: string) => void
  beganMs: number
  bitten: string[]
  missed: string[]
  trouble: string[]
  struck: () => void
  sinceStruckMs: () => number
}

/** Everything that a scenario may do and see in one run. */
export function sceneOf(
  { instance, faults, watch, historyPath }: Stage,
  { run, seed, say, beganMs, bitten, missed, trouble, struck, sinceStruckMs }: Circumstances
): Scene {
  const since = (wanted: (entry: Entry) => boolean) => readHistory(historyPath).filter((entry) => entry.atMs >= beganMs && wanted(entry))
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
    struck,
    sinceStruckMs,
    wait: (ms) => sleep(Math.max(0, ms)),
    eventually,
    must: (what, happened = true) => void (happened ? bitten : missed).push(what),
    kept: (what, holds) => void (holds || trouble.push(`promised, and not kept: ${what}`)),
    successes: () => successesMs(since(({ type }) => type === 'ok')).length,
    failuresOf: (op) => since((entry) => entry.op === op && entry.type === 'unknown').map(({ why }) => why ?? ''),
    say: (text) => say(`    ${text}`)
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
