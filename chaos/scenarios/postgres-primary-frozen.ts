import { nextReign, reign, type Scenario } from '../scenario.ts'

const FROZEN_MS = 20_000
const REIGN_MS_MAX = 18_000

/** A machine that pauses: it is not dead, nobody is told, and it comes back believing that it reigns. */
const scenario: Scenario = {
  what: 'The node of the PostgreSQL primary stands still for twenty seconds, connections open, and goes on where it was',
  promise: 'Another node reigns within six seconds; what the old one does afterwards is never acknowledged',
  gapMsMax: 6_000,
  async run(scene) {
    const { leader, epoch } = await reign(scene)
    const before = await statusOf(leader)

    scene.struck()
    await scene.freeze(leader)
    try {
      const next = await nextReign(scene, epoch, REIGN_MS_MAX)
      scene.say(`${leader} stands still; reign ${next.epoch} is ${next.leader}'s`)
      await scene.wait(FROZEN_MS - scene.sinceStruckMs())
    } finally {
      scene.thaw(leader)
    }
    const after = await statusOf(leader)
    scene.must('whoever stands still is not started anew', before?.pid === after?.pid && before?.restarts === after?.restarts)
    return undefined

    async function statusOf(node: string) {
      return (await scene.statuses()).find(({ name }) => name === node)
    }
  }
}

export default scenario
