import { clocksLack } from '../faults/clocks.ts'
import { restartAhead } from '../faults/skew.ts'
import { purchasesGoOn } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'

const SKEWED_MS = 6_000

/** Who believes it, and by how many hours they are wrong. */
const WAYS: ReadonlyArray<readonly [component: string, hours: number]> = [
  ['reservation-1', 1],
  ['orchestrator-1', -2],
  ['issue-1', 1],
  ['portal-1', -2],
  ['relay', 1],
  ['deliver', -2]
]

const scenario: Scenario = {
  what: `The clock of one process is an hour ahead of all others, or two hours behind: ${WAYS.map(([component]) => component).join(', ')}`,
  promise: 'Sales go on, no purchase fails, and every sale gets its documents, once, also when the clock is put right again',
  needs: 'root',
  lack: clocksLack,
  runs: WAYS.length,
  gapMsMax: 3_000,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.4 },
  async run(scene) {
    const [component, hours] = WAYS[(scene.run - 1) % WAYS.length]!
    scene.struck()
    try {
      await restartAhead(scene, component, hours)
      await scene.wait(SKEWED_MS)
      await purchasesGoOn(scene)
    } finally {
      await restartAhead(scene, component, 0)
    }
    return undefined
  }
}

export default scenario
