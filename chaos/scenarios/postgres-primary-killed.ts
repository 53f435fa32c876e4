import { nextReign, reign, type Scenario } from '../scenario.ts'

const REIGN_MS_MAX = 30_000

/** The power cut: agent and database of the primary at once. */
const scenario: Scenario = {
  what: 'The node of the PostgreSQL primary dies at once, agent and database, and comes back by itself',
  promise: 'Another node reigns within five seconds; no acknowledged sale is lost, no seat is sold twice',
  gapMsMax: 5_000,
  async run(scene) {
    const { leader, epoch } = await reign(scene)
    await scene.wait(scene.random() * 1_000)

    scene.struck()
    await scene.kill(leader)

    const next = await nextReign(scene, epoch, REIGN_MS_MAX)
    scene.say(`reign ${epoch} of ${leader} ended; reign ${next.epoch} is ${next.leader}'s`)
    return undefined
  }
}

export default scenario
