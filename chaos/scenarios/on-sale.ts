import type { Scenario } from '../scenario.ts'

const WARM_MS = 10_000
const RUSH_MS = 60_000

/** What latency is promised for: everybody at once, and nothing broken. */
const scenario: Scenario = {
  what: 'A show goes on sale: for a minute forty seats a second are held, twenty sold and forty pages looked at, and nothing is done to the shop',
  promise: 'Every answer comes; how fast is in the report',
  apart: 'it needs the machine for itself',
  runs: 1,
  gapMsMax: 1_000,
  pageGapMsMax: 1_000,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { holdsPerSecond: 40, salesPerSecond: 20, purchasesPerSecond: 0.5, readsPerSecond: 2, pagesPerSecond: 40 },
  async run(scene) {
    await scene.wait(WARM_MS) // compilers and caches

    scene.struck()
    await scene.wait(RUSH_MS)
    return undefined
  }
}

export default scenario
