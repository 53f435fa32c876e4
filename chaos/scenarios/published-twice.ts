import { publishAgain, publishedWithin, repeatedDeliveries } from '../faults/twice.ts'
import { purchasesGoOn } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'

const SOLD_MS = 4_000
const PAUSE_MS = 3_000
const WITHIN_SECONDS = 60
const COUNTED_MS_MAX = 40_000

const scenario: Scenario = {
  what: 'Every event of the last minute is published again under its id, as it is being delivered and after it was, while people buy',
  promise: 'No purchase and no sale notices; every event takes effect once, and its repeats are counted',
  gapMsMax: 1_500,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.4 },
  async run(scene) {
    await scene.wait(SOLD_MS)
    const before = await repeatedDeliveries(scene.instance)

    scene.struck()
    const first = await scene.query((client) => publishedWithin(client, WITHIN_SECONDS))
    await publishAgain(scene.instance, first)
    await scene.wait(PAUSE_MS)
    const second = await scene.query((client) => publishedWithin(client, WITHIN_SECONDS))
    await publishAgain(scene.instance, second)

    const again = first.length + second.length
    scene.must('events were published again', first.length > 0)
    await scene.eventually(
      'their repeats, counted',
      COUNTED_MS_MAX,
      async () => (await repeatedDeliveries(scene.instance)) >= before + again
    )
    scene.must('all of them were delivered again')
    scene.say(`${first.length} and ${second.length} events were published again`)
    await purchasesGoOn(scene)
    return undefined
  }
}

export default scenario
