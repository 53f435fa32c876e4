import type { Scenario } from '../scenario.ts'

const DOWN_MS = 8_000

const scenario: Scenario = {
  what: 'Every process of the billing-service dies and stays away for eight seconds, while people buy',
  promise: 'No purchase and no sale notices; documents come later, once',
  gapMsMax: 1_500,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.6 },
  async run(scene) {
    const names = (await scene.statuses()).map(({ name }) => name).filter((name) => /^(billing|issue|deliver)/.test(name))

    scene.struck()
    await scene.end(...names)
    await scene.wait(DOWN_MS)

    await scene.start(...names)
    const failures = scene.failuresOf('purchase')
    scene.kept(`no purchase notices (${failures.join('; ')})`, failures.length === 0)
    return undefined
  }
}

export default scenario
