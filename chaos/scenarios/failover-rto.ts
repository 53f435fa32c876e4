import { machineMs } from '../clock.ts'
import { longestGapMs } from '../figures.ts'
import { nextReign, reign, type Scenario, type Scene } from '../scenario.ts'
import { openWriters } from '../writers.ts'

const WARM_MS = 3_000
const FROZEN_MS = 60_000
const REIGN_MS_MAX = 60_000
const AFTER_MS = 3_000

type Fault = (scene: Scene, leader: string, epoch: number) => Promise<void>

/** Those that other systems are compared by. */
const FAULTS: Record<string, Fault> = {
  'its postmaster is killed': async (scene, leader, epoch) => {
    await scene.killPostmaster(leader)
    await nextReign(scene, epoch, REIGN_MS_MAX)
  },
  'its node is killed': async (scene, leader, epoch) => {
    await scene.kill(leader)
    await nextReign(scene, epoch, REIGN_MS_MAX)
  },
  'its node is frozen for 60 s': async (scene, leader, epoch) => {
    await scene.freeze(leader)
    try {
      await nextReign(scene, epoch, REIGN_MS_MAX)
      await scene.wait(FROZEN_MS - scene.sinceStruckMs())
    } finally {
      scene.thaw(leader)
    }
  }
}

const scenario: Scenario = {
  what: `Eight writers commit without end; the primary: ${Object.keys(FAULTS).join('; ')}`,
  promise: 'No acknowledged row is lost; the figure is the longest time between two acknowledged commits',
  runs: Object.keys(FAULTS).length,
  apart: 'its writers take what buyers need',
  load: { holdsPerSecond: 0, salesPerSecond: 0, purchasesPerSecond: 0 },
  async run(scene) {
    const [name, fault] = Object.entries(FAULTS)[(scene.run - 1) % Object.keys(FAULTS).length]!
    const writers = await openWriters(scene.instance)
    await scene.wait(WARM_MS)
    const { leader, epoch } = await reign(scene)

    scene.struck()
    const struckMs = machineMs()
    await fault(scene, leader, epoch)

    await scene.eventually('a whole cluster', REIGN_MS_MAX, async () => (await scene.missing()).length === 0)
    await scene.wait(AFTER_MS)
    const gapMs = longestGapMs(writers.okMs(), struckMs, machineMs())
    const { acknowledged, lost } = await writers.end()
    scene.say(`${leader}: ${name}: ${gapMs} ms between two acknowledged commits; ${acknowledged} acknowledged, ${lost} lost`)
    scene.kept(`${lost} acknowledged rows are lost`, lost === 0)
    scene.must('the writers wrote', acknowledged > 0)
    return { gapMs, acknowledged, lost }
  }
}

export default scenario
