import { deathAt, type Scenario } from '../scenario.ts'

const DEATH_MS_MAX = 20_000
const POINTS = ['issue-before-commit', 'issue-committed', 'deliver-accepted']

const scenario: Scenario = {
  what: `Who makes documents dies between two things that nothing holds together: ${POINTS.join(', ')}`,
  promise: 'Sales do not notice; every sale gets one receipt, one set of tickets and one mail (a mail may be sent again)',
  needs: 'crash-points',
  runs: POINTS.length,
  gapMsMax: 1_500,
  unnoticed: true,
  load: { salesPerSecond: 3 },
  async run(scene) {
    const point = POINTS[(scene.run - 1) % POINTS.length]!

    scene.struck()
    scene.crashAt(point)

    await deathAt(scene, point, DEATH_MS_MAX)
    return undefined
  }
}

export default scenario
