import { brokerDisk, fill } from '../disks.ts'
import { purchasesGoOn } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'
import { unpublished } from '../watch.ts'

/** Less than the broker wants to have in reserve: it takes nothing more, and says so. */
const LEFT_BYTES = 100 * 1024 ** 2
const ALARM_MS_MAX = 20_000
const GROW_MS_MAX = 15_000
const FULL_MS = 4_000

const scenario: Scenario = {
  what: 'The disk of RabbitMQ is as good as full for some seconds, while people buy',
  promise: 'Sales do not notice; events wait in the outbox, and every sale gets its documents, once',
  needs: 'root',
  gapMsMax: 1_500,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 3, purchasesPerSecond: 0.3 },
  prepare: brokerDisk,
  async run(scene) {
    const { directory } = scene.instance
    const relayLacks = async () => (await scene.statuses()).find(({ name }) => name === 'relay')?.missing

    scene.struck()
    const free = await fill(directory, 'rabbitmq', LEFT_BYTES)
    try {
      await scene.eventually('the relay says that the broker has no room', ALARM_MS_MAX, async () =>
        /room/.test((await relayLacks()) ?? '')
      )
      scene.must('the broker took nothing')
      await scene.eventually('events that wait', GROW_MS_MAX, async () => (await scene.query(unpublished)) > 0)
      scene.must('events waited')
      await scene.wait(FULL_MS)
      await purchasesGoOn(scene)
    } finally {
      free()
    }
    return undefined
  }
}

export default scenario
