import { clocksLack } from '../faults/clocks.ts'
import { restartAhead } from '../faults/skew.ts'
import { nextReign, reign, type Scenario, type Scene } from '../scenario.ts'

const HOURS = [1, -2] as const
const SKEWED_MS = 5_000
const REIGN_MS_MAX = 60_000
/** In so long somebody buys something. */
const BEHIND_MS = 800

/**
 * Holds end by the primary's clock, so its successor may end them earlier or
 * later. Whether a seat was free while somebody's hold lasted cannot be told by
 * any other clock; whether it was sold twice can.
 */
const scenario: Scenario = {
  what: `A PostgreSQL node is ${HOURS.map((hours) => (hours > 0 ? `${hours} hour ahead` : `${-hours} hours behind`)).join(', or ')}, is elected, and is put right again`,
  promise: 'No seat is sold twice and nothing acknowledged is lost; a hold may end early or late; every sale gets its documents, once',
  needs: 'root',
  lack: clocksLack,
  runs: HOURS.length,
  apart: 'by its clock holds end at another time than by all other clocks, so a hold that is broken is not found here',
  exempt: ['hold broken'],
  gapMsMax: 10_000,
  async run(scene) {
    const hours = HOURS[(scene.run - 1) % HOURS.length]!
    const { standbys } = await reign(scene)
    const [node, other] = standbys as [string, string]

    await returnAhead(scene, node, hours)
    scene.struck()
    await elect(scene, node, other)
    await scene.wait(SKEWED_MS)
    await returnAhead(scene, node, 0)
    return undefined
  }
}

export default scenario

/** The other standby misses the last words of the primary, so it is not elected. */
async function elect(scene: Scene, node: string, other: string): Promise<void> {
  const { leader, epoch } = await reign(scene)
  await scene.cut([leader], [other])
  await scene.cut([other], [leader])
  await scene.wait(BEHIND_MS)
  await scene.end(leader)
  const next = await nextReign(scene, epoch, REIGN_MS_MAX)
  scene.must('whose clock was wrong reigned', next.leader === node)
  scene.say(`reign ${next.epoch} is ${next.leader}'s`)
  await scene.rejoin()
  await scene.start(leader)
}

async function returnAhead(scene: Scene, node: string, hours: number): Promise<void> {
  await restartAhead(scene, node, hours)
  await scene.eventually('a whole cluster', REIGN_MS_MAX, async () => (await scene.missing()).length === 0)
}
