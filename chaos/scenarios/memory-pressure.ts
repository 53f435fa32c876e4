import { memoryLack } from '../../cluster/driver/memory.ts'
import { press, relieve } from '../faults/pressure.ts'
import type { Scenario } from '../scenario.ts'

const BACK_MS_MAX = 60_000
const COMPONENT = 'reservation-1'

const scenario: Scenario = {
  what: 'A reservation-service may use no more memory than it does, wants more, and the kernel kills it',
  promise: 'It comes back by itself within its limit; sales go on after at most three seconds, and nothing is lost',
  needs: 'root',
  lack: async () => memoryLack(),
  gapMsMax: 3_000,
  async run(scene) {
    scene.struck()
    try {
      const deaths = await press(scene.instance, COMPONENT)
      scene.must('the kernel killed somebody', deaths > 0)
      scene.say(`the kernel killed ${deaths} process of ${COMPONENT}`)
      await scene.eventually('its return, within its limit', BACK_MS_MAX, async () => (await scene.missing()).length === 0)
    } finally {
      relieve(scene.instance, COMPONENT)
    }
    return undefined
  }
}

export default scenario
