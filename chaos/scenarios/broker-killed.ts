import { purchasesGoOn } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'
import { unpublished } from '../watch.ts'

const GROW_MS_MAX = 15_000
const DOWN_MS = 6_000

const scenario: Scenario = {
  what: 'RabbitMQ dies at once, stays away for six seconds and comes back with its disk',
  promise: 'Sales do not notice; every sale gets its documents, once',
  gapMsMax: 1_500,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 3, purchasesPerSecond: 0.3 },
  async run(scene) {
    scene.struck()
    await scene.end('rabbitmq')

    await scene.eventually('events that wait', GROW_MS_MAX, async () => (await scene.query(unpublished)) > 0)
    scene.must('events waited')
    await scene.wait(DOWN_MS - scene.sinceStruckMs())
    await purchasesGoOn(scene)
    await scene.start('rabbitmq')
    return undefined
  }
}

export default scenario
