import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../scenario.ts'

const QUEUED_MS = 4_000
const STILL_SECONDS_MAX = 480 // what was lost is published again when its documents are five minutes late

const scenario: Scenario = {
  what: 'RabbitMQ loses its disk while events wait in its queues',
  promise: 'Sales do not notice; every sale gets its documents, once, the lost ones within minutes',
  runs: 1,
  gapMsMax: 1_500,
  stillSecondsMax: STILL_SECONDS_MAX,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.3 },
  async run(scene) {
    await scene.stop('issue', 'deliver')
    await scene.wait(QUEUED_MS)

    scene.struck()
    await scene.end('rabbitmq')
    rmSync(join(scene.instance.directory, 'data', 'rabbitmq'), { recursive: true })
    await scene.start('rabbitmq')
    await scene.start('issue', 'deliver')
    scene.kept('no purchase notices', scene.failuresOf('purchase').length === 0)
    return undefined
  }
}

export default scenario
