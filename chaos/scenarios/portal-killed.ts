import { oneOf } from '../random.ts'
import type { Scenario } from '../scenario.ts'

const UNDER_WAY_MAX = 1

const scenario: Scenario = {
  what: 'One of two portals dies at once, while people buy and open their tickets, and comes back by itself',
  promise: 'The other one serves everybody; at most the form that was on its way sees a page that says «in a moment»',
  gapMsMax: 1_500,
  load: { salesPerSecond: 1, purchasesPerSecond: 0.5, readsPerSecond: 3 },
  async run(scene) {
    const portal = oneOf(scene.random, ['portal-1', 'portal-2'])
    await scene.wait(3_000 + scene.random() * 1_000)

    scene.struck()
    await scene.kill(portal)

    await scene.eventually('its return', 30_000, async () => (await scene.missing()).length === 0)
    const [reads, purchases] = [scene.failuresOf('read'), scene.failuresOf('purchase')]
    scene.kept(`no page fails (${reads.join('; ')})`, reads.length === 0)
    scene.kept(`at most what was on its way fails (${purchases.join('; ')})`, purchases.length <= UNDER_WAY_MAX)
    return undefined
  }
}

export default scenario
