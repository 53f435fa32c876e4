import { nextReign, reign, type Scenario } from '../scenario.ts'

const REIGN_MS_MAX = 60_000

/** The power cut of the whole room. */
const scenario: Scenario = {
  what: 'All three PostgreSQL nodes die at once, and come back by themselves',
  promise: 'One of them reigns again within twenty seconds; nothing acknowledged is lost',
  gapMsMax: 20_000,
  async run(scene) {
    const { leader, epoch, standbys } = await reign(scene)

    scene.struck()
    await scene.kill(leader, ...standbys)

    const next = await nextReign(scene, epoch, REIGN_MS_MAX)
    scene.say(`reign ${next.epoch} is ${next.leader}'s`)
    return undefined
  }
}

export default scenario
