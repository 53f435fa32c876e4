import type { Scenario } from '../scenario.ts'

const DOWN_MS = 12_000
const BOUGHT_MS = 6_000

const scenario: Scenario = {
  what: 'The MariaDB primary dies and stays away for twelve seconds, while buyers open the tickets that they have',
  promise: 'No page of theirs fails, no purchase and no sale notices; documents come later, once',
  gapMsMax: 1_500,
  load: { salesPerSecond: 1, purchasesPerSecond: 0.4, readsPerSecond: 3 },
  async run(scene) {
    await scene.wait(BOUGHT_MS)

    scene.struck()
    await scene.end('maria1')
    await scene.wait(DOWN_MS)

    const failures = [...scene.failuresOf('read'), ...scene.failuresOf('purchase')]
    scene.kept(`nobody notices (${failures.join('; ')})`, failures.length === 0)
    await scene.start('maria1')
    return undefined
  }
}

export default scenario
