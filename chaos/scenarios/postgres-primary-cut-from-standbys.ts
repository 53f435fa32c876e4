import { watchReplication } from '../replication.ts'
import { nextReign, reign, type Scenario } from '../scenario.ts'

const REIGN_MS_MAX = 40_000
const BITE_MS_MAX = 5_000
const APART_MS = 3_000

/** It answers every question, of clients and of the failover, and cannot commit. */
const scenario: Scenario = {
  what: 'The PostgreSQL primary and its standbys are cut off from each other, and everybody else reaches all of them',
  promise: 'A node that can commit reigns within ten seconds; nothing that could not be replicated was acknowledged',
  needs: 'addresses',
  gapMsMax: 10_000,
  async run(scene) {
    const { leader, epoch, standbys } = await reign(scene)
    const replication = await watchReplication(scene.instance, leader)
    await scene.wait(scene.random() * 1_000)

    scene.struck()
    await scene.cut([leader], standbys)
    await scene.cut(standbys, [leader])

    const stopped = replication.stopsWithin(BITE_MS_MAX)
    const next = await nextReign(scene, epoch, REIGN_MS_MAX)
    scene.must('replication stopped', await stopped)
    scene.say(`${leader} cannot commit; reign ${next.epoch} is ${next.leader}'s`)
    await scene.wait(APART_MS)
    await scene.rejoin()
    return undefined
  }
}

export default scenario
