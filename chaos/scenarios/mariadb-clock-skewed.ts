import { clocksLack } from '../faults/clocks.ts'
import { restartAhead } from '../faults/skew.ts'
import { purchasesGoOn } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'

const HOURS = [1, -2] as const
const PRIMARY = 'maria1'
const SKEWED_MS = 6_000

/** Receipts bear the time of the node that numbers them, so after its clock went back one may be dated before the one before it. */
const scenario: Scenario = {
  what: `The MariaDB primary is ${HOURS[0]} hour ahead, or ${-HOURS[1]} hours behind, and is put right again`,
  promise:
    'No purchase and no sale notices; every sale gets its documents, once, under folios without a gap; their times are as wrong as the clock',
  needs: 'root',
  lack: clocksLack,
  runs: HOURS.length,
  apart: 'receipts are then dated in another order than they are numbered, for as long as the shop lives',
  exemptDifferences: /^receipt \d+ is older than receipt \d+$/,
  gapMsMax: 1_500,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.4 },
  async run(scene) {
    scene.struck()
    try {
      await restartAhead(scene, PRIMARY, HOURS[(scene.run - 1) % HOURS.length]!)
      await scene.wait(SKEWED_MS)
      await purchasesGoOn(scene)
    } finally {
      await restartAhead(scene, PRIMARY, 0)
    }
    return undefined
  }
}

export default scenario
