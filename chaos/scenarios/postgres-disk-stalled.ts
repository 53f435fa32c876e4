import { postgresDisks, resume, stall } from '../disks.ts'
import { nextReign, reign, type Scenario } from '../scenario.ts'

const STALLED_MS = 12_000
const REIGN_MS_MAX = 40_000

/** A disk that answers nothing: what reads from memory goes on, what must be written waits. */
const scenario: Scenario = {
  what: 'The disk of the PostgreSQL primary hangs for twelve seconds',
  promise: 'A node whose disk works reigns within ten seconds; nothing acknowledged is lost',
  needs: 'root',
  gapMsMax: 10_000,
  prepare: postgresDisks,
  async run(scene) {
    const { leader, epoch } = await reign(scene)
    const { directory } = scene.instance
    await scene.wait(scene.random() * 1_000)

    scene.struck()
    await stall(directory, leader)
    try {
      const next = await nextReign(scene, epoch, REIGN_MS_MAX)
      scene.say(`the disk of ${leader} hangs; reign ${next.epoch} is ${next.leader}'s`)
      await scene.wait(STALLED_MS - scene.sinceStruckMs())
    } finally {
      await resume(directory, leader)
    }
    return undefined
  }
}

export default scenario
