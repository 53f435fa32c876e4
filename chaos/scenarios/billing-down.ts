import { purchasesGoOn, undocumented } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'

const DOWN_MS = 8_000

const scenario: Scenario = {
  what: 'Every process of the billing-service dies and stays away for eight seconds, while people buy',
  promise: 'No purchase and no sale notices; documents come later, once',
  gapMsMax: 1_500,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.6 },
  async run(scene) {
    const names = (await scene.statuses()).map(({ name }) => name).filter((name) => /^(billing|issue|deliver)/.test(name))

    scene.struck()
    await scene.end(...names)
    await scene.wait(DOWN_MS)

    const orderIds = await purchasesGoOn(scene)
    scene.must('documents waited', (await scene.query((client) => undocumented(client, orderIds))) > 0)
    await scene.start(...names)
    return undefined
  }
}

export default scenario
