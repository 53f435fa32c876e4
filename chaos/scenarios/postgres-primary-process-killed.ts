import { nextReign, reign, type Scenario } from '../scenario.ts'

const REIGN_MS_MAX = 30_000

/** PostgreSQL alone dies, as by the kernel's hand when memory is short; its agent lives and says so. */
const scenario: Scenario = {
  what: 'Every process of the PostgreSQL primary is killed, and its agent is not',
  promise: 'A node reigns again within five seconds; no acknowledged sale is lost, no seat is sold twice',
  gapMsMax: 5_000,
  async run(scene) {
    const { leader, epoch } = await reign(scene)
    await scene.wait(scene.random() * 1_000)

    scene.struck()
    await scene.killPostgres(leader)

    const next = await nextReign(scene, epoch, REIGN_MS_MAX)
    scene.say(`reign ${epoch} of ${leader} ended; reign ${next.epoch} is ${next.leader}'s`)
    return undefined
  }
}

export default scenario
