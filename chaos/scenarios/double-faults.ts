import { ACCIDENTS, type Accident } from '../accidents.ts'
import { oneOf } from '../random.ts'
import type { Scenario, Scene } from '../scenario.ts'

const APART_MS_MAX = 3_000
const WHOLE_MS_MAX = 60_000

/** Two accidents that do not know of each other: the second one finds whatever the first one has left. */
const scenario: Scenario = {
  what: 'Two accidents by chance, the second one within three seconds of the first',
  promise: 'Nothing acknowledged is lost, no seat is sold twice; sales stand still for at most thirty seconds, both accidents included',
  needs: 'addresses',
  runs: 10,
  gapMsMax: 30_000,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.3, pagesPerSecond: 2 },
  async run(scene) {
    const accidents = ACCIDENTS as [Accident, ...Accident[]]
    const [first, second] = [oneOf(scene.random, accidents), oneOf(scene.random, accidents)]
    const apartMs = scene.random() * APART_MS_MAX
    await scene.wait(scene.random() * 1_000)

    scene.struck()
    scene.say(`${first.what}; ${Math.round(apartMs)} ms later, ${second.what}`)
    await Promise.all([first.happen(scene), scene.wait(apartMs).then(() => happenTo(scene, second))])
    scene.must('two accidents happened')
    await scene.eventually('a whole cluster', WHOLE_MS_MAX, async () => (await scene.missing()).length === 0)
    return undefined
  }
}

export default scenario

/** Who is dead already cannot die: then it is given a moment to come back. */
async function happenTo(scene: Scene, accident: Accident): Promise<void> {
  await scene.eventually(`that ${accident.what}`, WHOLE_MS_MAX, async () => {
    await accident.happen(scene)
    return true
  })
}
