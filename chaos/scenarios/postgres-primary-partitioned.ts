import { watchReplication } from '../replication.ts'
import { nextReign, reign, type Scenario, type Scene } from '../scenario.ts'

const REIGN_MS_MAX = 40_000
const BITE_MS_MAX = 5_000
/** The old primary and its clients go on believing in each other for so long after somebody else reigns. */
const APART_MS = 4_000

type Way = (scene: Scene, leader: string, standbys: string[]) => Promise<void>

/** Its clients reach it all the time: what it answers them is what could go wrong. */
const WAYS: Record<string, Way> = {
  'from the standbys and the failover': async (scene, leader, standbys) => {
    await scene.cut([leader], [...standbys, 'failover'])
    await scene.cut([...standbys, 'failover'], [leader])
  },
  'from the standbys': async (scene, leader, standbys) => {
    await scene.cut([leader], standbys)
    await scene.cut(standbys, [leader])
  },
  'so that it hears and is not heard': (scene, leader, standbys) => scene.cut([leader], [...standbys, 'failover']),
  'so that it is heard and does not hear': (scene, leader, standbys) => scene.cut([...standbys, 'failover'], [leader])
}

const scenario: Scenario = {
  what: `The PostgreSQL primary is cut off: ${Object.keys(WAYS).join('; ')}`,
  promise: 'Another node reigns within ten seconds; the old one acknowledges nothing meanwhile',
  needs: 'addresses',
  runs: Object.keys(WAYS).length,
  gapMsMax: 10_000,
  async run(scene) {
    const { leader, epoch, standbys } = await reign(scene)
    const [name, cutOff] = Object.entries(WAYS)[(scene.run - 1) % Object.keys(WAYS).length]!
    const replication = await watchReplication(scene.instance, leader)
    await scene.wait(scene.random() * 1_000)

    scene.struck()
    await cutOff(scene, leader, standbys)

    const stopped = replication.stopsWithin(BITE_MS_MAX)
    const next = await nextReign(scene, epoch, REIGN_MS_MAX)
    scene.must('replication stopped', await stopped)
    scene.say(`${leader} is cut off ${name}; reign ${next.epoch} is ${next.leader}'s`)
    await scene.wait(APART_MS)
    await scene.rejoin()
    return undefined
  }
}

export default scenario
