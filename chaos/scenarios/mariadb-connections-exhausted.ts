import { crowdMariadb } from '../faults/strangers.ts'
import { purchasesGoOn, undocumented } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'

const CROWDED_MS = 8_000

const scenario: Scenario = {
  what: 'Strangers take every connection of the MariaDB primary for eight seconds, and whoever had one is sent away',
  promise: 'No purchase and no sale notices; documents come later, once',
  gapMsMax: 1_500,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.4 },
  async run(scene) {
    scene.struck()
    const strangers = await crowdMariadb(scene.instance)
    try {
      scene.must('every connection was taken', strangers.refused() > 0)
      scene.say(`strangers have ${strangers.count()} connections`)
      await scene.wait(CROWDED_MS)
      const orderIds = await purchasesGoOn(scene)
      scene.must('documents waited', (await scene.query((client) => undocumented(client, orderIds))) > 0)
    } finally {
      await strangers.leave()
    }
    return undefined
  }
}

export default scenario
