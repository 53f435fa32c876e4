import { SLOW_WORDS, slowThenHanging } from '../faults/links.ts'
import { purchasesGoOn } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'

interface Way {
  from: string[]
  to: string
  hangEvery: number
}

const WAYS: Record<string, Way> = {
  'from who makes documents to MariaDB': { from: ['issue-1', 'issue-2'], to: 'maria1', hangEvery: 3 },
  'from the relay to the broker': { from: ['relay'], to: 'rabbitmq', hangEvery: 1 }
}

const scenario: Scenario = {
  what: `A way between sale and documents is ${SLOW_WORDS}, then connections on it hang: ${Object.keys(WAYS).join('; ')}`,
  promise: 'No purchase and no sale notices; documents come later, once',
  needs: 'addresses',
  runs: Object.keys(WAYS).length,
  gapMsMax: 1_500,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.3 },
  async run(scene) {
    const { from, to, hangEvery } = Object.values(WAYS)[(scene.run - 1) % Object.keys(WAYS).length]!

    scene.struck()
    await slowThenHanging(scene, from, to, hangEvery)

    await purchasesGoOn(scene)
    return undefined
  }
}

export default scenario
