import { divert, straighten } from '../../cluster/driver/network.ts'
import type { Scene } from '../scenario.ts'
import { type Carried, openSlowLink, type SlowLink, type Weather } from './slow-link.ts'

/** Where links begin: an address of the instance that no component has. */
const BRIDGE = '250.1'

/** The way of some components to another, for as long as it is another one than usual. */
export interface Way extends Pick<SlowLink, 'become' | 'reset'> {
  carried: () => Carried
  /** They take the straight way again: whatever went by this one ends, and is opened anew. */
  end: () => Promise<void>
}

/** From now on whatever `from` sends to `to` goes by a link of ours. What they have open is reset at its next use. */
export async function otherWay({ instance, statuses }: Pick<Scene, 'instance' | 'statuses'>, from: string[], to: string, weather: Weather) {
  const { address } = (await statuses()).find(({ name }) => name === to)!
  const [host, port] = address.split(':') as [string, string]
  const door = { host, port: Number(port) }
  const link = await openSlowLink(`127.${instance.instance}.${BRIDGE}`, door, weather)
  for (const component of from) await divert(instance.instance, component, door, link.door)
  const way: Way = {
    carried: link.carried,
    become: link.become,
    reset: link.reset,
    async end() {
      await straighten(instance.instance)
      await link.close()
    }
  }
  return way
}

/** There and back, a word takes 200 ms. */
const SLOW: Weather = { latencyMs: 100, bytesPerSecond: 20_000 }
export const SLOW_WORDS = 'slow (200 ms there and back, 20 kB/s)'
const SLOW_MS = 6_000
const HANGING_MS = 6_000

/**
 * A way is slow for some seconds, then some of its connections hang, too, and then it is as before.
 *
 * @param hangEvery - Whoever has one connection only loses that one.
 */
export async function slowThenHanging(scene: Scene, from: string[], to: string, hangEvery: number): Promise<void> {
  const way = await otherWay(scene, from, to, SLOW)
  try {
    await scene.wait(SLOW_MS)
    const { connections, bytes } = way.carried()
    scene.must('what was sent went by the slow way', bytes > 0)
    way.become({ ...SLOW, hangEvery })
    await scene.wait(HANGING_MS)
    scene.must('a connection hung', way.carried().held > 0)
    scene.say(
      `${from.join(' and ')} to ${to}: ${connections} connections carried ${bytes} bytes, then ${way.carried().held} pieces were held`
    )
  } finally {
    await way.end()
  }
}
