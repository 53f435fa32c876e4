import { deathAt, nextReign, reign, type Scenario } from '../scenario.ts'

const REIGN_MS_MAX = 60_000
const POINTS = ['failover-preparing', 'failover-prepared', 'failover-promoting', 'failover-promoted', 'failover-gating']

/** Nothing the controller remembers is needed: the promises of the nodes keep what must not be. */
const scenario: Scenario = {
  what: `The primary dies, and the failover process dies in the middle of the election: ${POINTS.join(', ')}`,
  promise: 'The failover that is started next elects somebody within twelve seconds; nothing acknowledged is lost',
  needs: 'crash-points',
  runs: POINTS.length,
  gapMsMax: 12_000,
  async run(scene) {
    const { leader, epoch } = await reign(scene)
    const point = POINTS[(scene.run - 1) % POINTS.length]!
    scene.crashAt(point)

    scene.struck()
    await scene.killPostgres(leader)

    const next = await nextReign(scene, epoch, REIGN_MS_MAX)
    await deathAt(scene, point, REIGN_MS_MAX)
    scene.say(`reign ${next.epoch} is ${next.leader}'s`)
    return undefined
  }
}

export default scenario
