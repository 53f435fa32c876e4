import { reign, type Scenario } from '../scenario.ts'

const CALM_MS = 10_000

/** The control: what the others find is not found where nothing was done. */
const scenario: Scenario = {
  what: 'Nothing is done for ten seconds',
  promise: 'Sales go on, in the same reign',
  gapMsMax: 1_000,
  async run(scene) {
    const before = await reign(scene)

    scene.struck()
    await scene.wait(CALM_MS)

    scene.kept('the reign goes on', (await reign(scene)).epoch === before.epoch)
    return undefined
  }
}

export default scenario
