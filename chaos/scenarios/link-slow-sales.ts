import { SLOW_WORDS, slowThenHanging } from '../faults/links.ts'
import { purchasesGoOn } from '../purchases.ts'
import { reign, type Scenario } from '../scenario.ts'

const HANG_EVERY = 3

/** Nobody is down: what is slow is the way between them. */
const scenario: Scenario = {
  what: `The way from who sells to the PostgreSQL primary is ${SLOW_WORDS}, then every third connection on it hangs`,
  promise: 'Sales are slower; nothing is lost, and no purchase fails',
  needs: 'addresses',
  gapMsMax: 6_000,
  purchasesFailedMax: 0,
  load: { purchasesPerSecond: 0.3 },
  async run(scene) {
    const { leader, epoch } = await reign(scene)

    scene.struck()
    await slowThenHanging(scene, ['reservation-1', 'reservation-2'], leader, HANG_EVERY)

    await purchasesGoOn(scene)
    scene.kept('the reign goes on', (await reign(scene)).epoch === epoch)
    return undefined
  }
}

export default scenario
