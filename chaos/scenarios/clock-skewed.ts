import { clocksLack, setClock } from '../faults/clocks.ts'
import { timeAt } from '../faults/time-told.ts'
import { purchasesGoOn } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'

const HOUR_SECONDS = 3_600
const SKEWED_MS = 6_000
const SLACK_MS = 60_000

/** Who believes it, and by how many hours they are wrong. */
const WAYS: ReadonlyArray<readonly [component: string, hours: number]> = [
  ['reservation-1', 1],
  ['orchestrator-1', -2],
  ['issue-1', 1],
  ['portal-1', -2],
  ['relay', 1],
  ['deliver', -2],
  ['maria1', 1],
  ['maria1', -2]
]

const scenario: Scenario = {
  what: `One component is an hour ahead of all others, or two behind: ${WAYS.map(([component, hours]) => `${component} ${hours} h`).join(', ')}`,
  promise: 'Sales go on, no purchase fails, and every sale gets its documents, once, also when the clock is put right again',
  needs: 'root',
  lack: clocksLack,
  runs: WAYS.length,
  gapMsMax: 3_000,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.4 },
  async run(scene) {
    const [component, hours] = WAYS[(scene.run - 1) % WAYS.length]!
    const restartWith = async (seconds: number) => {
      await scene.stop(component)
      setClock(scene.instance, component, seconds)
      await scene.start(component)
    }

    scene.struck()
    try {
      await restartWith(hours * HOUR_SECONDS)
      const wrongMs = (await timeAt(scene, component)) - Date.now() - hours * HOUR_SECONDS * 1_000
      scene.must('a clock was wrong', Math.abs(wrongMs) < SLACK_MS)
      await scene.wait(SKEWED_MS)
      await purchasesGoOn(scene)
    } finally {
      await restartWith(0)
    }
    return undefined
  }
}

export default scenario
