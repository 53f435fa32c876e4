import { reign, type Scenario } from '../scenario.ts'

const LOUD_MS_MAX = 30_000
const PAUSE_MS = 1_500
const DOWN_MS = 5_000
const FLUSH_MS = 3_500

/** Two of three have what was acknowledged; with two gone nobody may say that anything was sold. */
const scenario: Scenario = {
  what: 'Two of the three PostgreSQL nodes die, one after the other, and are started again later',
  promise: 'Sales stop and the failover says so; nothing is lost; sales go on when one of them is back',
  runs: 3,
  async run(scene) {
    const { leader, standbys } = await reign(scene)
    const [first, second] = [
      [standbys[0]!, standbys[1]!],
      [standbys[0]!, leader],
      [leader, standbys[1]!]
    ][(scene.run - 1) % 3]! as [string, string]

    scene.struck()
    await scene.end(first)
    await scene.wait(PAUSE_MS)
    await scene.end(second)

    await scene.eventually('the failover says that it cannot go on', LOUD_MS_MAX, async () => {
      const { ready, loud, says } = await scene.view()
      if (!ready && loud) scene.say(`without ${first} and ${second}: ${says}`)
      return !ready && loud
    })
    scene.must('sales stopped, loudly')
    await scene.wait(FLUSH_MS) // what had its quorum before is still being told
    const before = scene.successes()
    await scene.wait(DOWN_MS)
    scene.kept('nothing is sold while two are away', scene.successes() === before)
    await scene.start(first, second)
    return undefined
  }
}

export default scenario
