import { memoryLack } from '../../cluster/driver/memory.ts'
import { press, relieve } from '../faults/pressure.ts'
import { reign, type Scenario, type Scene } from '../scenario.ts'

const BACK_MS_MAX = 60_000

/** Who is short of memory. */
const WAYS: Record<string, (scene: Scene) => Promise<string>> = {
  'a reservation-service': async () => 'reservation-1',
  'an issuing process': async () => 'issue-1',
  'a PostgreSQL standby': async (scene) => (await reign(scene)).standbys[0]!,
  'the PostgreSQL primary': async (scene) => (await reign(scene)).leader
}

const scenario: Scenario = {
  what: `A component may use no more memory than it does, wants more, and the kernel kills of it whom it likes: ${Object.keys(WAYS).join('; ')}`,
  promise: 'It comes back by itself within its limit; sales go on after at most six seconds, and nothing is lost',
  needs: 'root',
  lack: async () => memoryLack(),
  runs: Object.keys(WAYS).length,
  gapMsMax: 6_000,
  async run(scene) {
    const [name, find] = Object.entries(WAYS)[(scene.run - 1) % Object.keys(WAYS).length]!
    const component = await find(scene)

    scene.struck()
    try {
      const deaths = await press(scene.instance, component)
      scene.must('the kernel killed somebody', deaths > 0)
      scene.say(`${name}, ${component}: the kernel killed ${deaths} of its processes`)
      await scene.eventually('its return, within its limit', BACK_MS_MAX, async () => (await scene.missing()).length === 0)
    } finally {
      relieve(scene.instance, component)
    }
    return undefined
  }
}

export default scenario
