import { reign, type Scenario } from '../scenario.ts'

const GONE_MS_MAX = 5_000

/** One of two standbys is enough for every promise. */
const scenario: Scenario = {
  what: 'The node of one PostgreSQL standby dies at once, and comes back by itself; each of them in turn',
  promise: 'Sales go on with a pause below two seconds, in the same reign',
  runs: 2,
  gapMsMax: 2_000,
  async run(scene) {
    const { leader, epoch, standbys } = await reign(scene)
    const standby = standbys[(scene.run - 1) % standbys.length]!
    await scene.wait(scene.random() * 1_000)

    scene.struck()
    await scene.kill(standby)

    await scene.eventually(`the end of ${standby}`, GONE_MS_MAX, async () => !(await scene.view()).streaming.includes(standby))
    scene.must('a standby was away')
    await scene.eventually('its return', 60_000, async () => (await scene.missing()).length === 0)
    const after = await reign(scene)
    scene.kept('the reign goes on', after.leader === leader && after.epoch === epoch)
    return undefined
  }
}

export default scenario
