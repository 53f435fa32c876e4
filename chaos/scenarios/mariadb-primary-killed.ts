import { failuresIn, purchasesGoOn, someOf } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'

const DOWN_MS = 12_000
const BOUGHT_MS = 6_000
const OPENED_MS_MAX = 30_000

const scenario: Scenario = {
  what: 'The MariaDB primary dies and stays away for twelve seconds, while buyers open the tickets that they have',
  promise: 'No page of theirs fails, no purchase and no sale notices; documents come later, once',
  gapMsMax: 1_500,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 1, purchasesPerSecond: 0.4, readsPerSecond: 3 },
  async run(scene) {
    await scene.wait(BOUGHT_MS)
    await scene.eventually('a ticket that somebody opened', OPENED_MS_MAX, async () =>
      scene.stories('read').some(({ oks }) => oks[0]?.ticket)
    )

    scene.struck()
    await scene.end('maria1')
    await scene.wait(DOWN_MS)

    await purchasesGoOn(scene)
    const reads = await scene.told('read')
    const meanwhile = reads.filter(({ invokedMs }) => invokedMs >= scene.struckMs()).flatMap(({ oks }) => oks)
    scene.kept(`no page fails (${someOf(failuresIn(reads))})`, failuresIn(reads).length === 0)
    scene.must(
      'a ticket was opened meanwhile',
      meanwhile.some(({ ticket }) => ticket)
    )
    scene.must(
      'a page said that it was read from the replica',
      meanwhile.some(({ replica }) => replica)
    )
    await scene.start('maria1')
    return undefined
  }
}

export default scenario
