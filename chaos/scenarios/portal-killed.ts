import { failuresIn, purchasesGoOn, someOf } from '../purchases.ts'
import { oneOf } from '../random.ts'
import type { Scenario } from '../scenario.ts'

const UNDER_WAY_MAX = 1

const scenario: Scenario = {
  what: 'One of two portals dies at once, while people buy and open their tickets, and comes back by itself',
  promise: 'The other one serves everybody; at most the form that was on its way sees a page that says «in a moment»',
  gapMsMax: 1_500,
  pageGapMsMax: 3_000,
  unnoticed: true,
  purchasesFailedMax: UNDER_WAY_MAX,
  load: { salesPerSecond: 1, purchasesPerSecond: 1, readsPerSecond: 3, pagesPerSecond: 10 },
  async run(scene) {
    const portal = oneOf(scene.random, ['portal-1', 'portal-2'])
    await scene.wait(3_000 + scene.random() * 1_000)

    scene.struck()
    await scene.kill(portal)

    await scene.eventually('a purchase that is begun meanwhile', 5_000, async () =>
      scene.stories('purchase').some(({ invokedMs }) => invokedMs >= scene.struckMs())
    )
    await scene.eventually('its return', 30_000, async () => (await scene.missing()).length === 0)
    await purchasesGoOn(scene, UNDER_WAY_MAX)
    const failures = failuresIn([...(await scene.told('read')), ...(await scene.told('page'))])
    scene.kept(`no page fails (${someOf(failures)})`, failures.length === 0)
    return undefined
  }
}

export default scenario
