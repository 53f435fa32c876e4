import { join } from 'node:path'
import t from 'tap'
import { ROOT } from '../cluster/instance.ts'
import type { Result } from './result.ts'
import type { Scenario } from './scenario.ts'
import billingDown from './scenarios/billing-down.ts'
import brokerKilled from './scenarios/broker-killed.ts'
import primaryKilled from './scenarios/postgres-primary-killed.ts'
import { playAll } from './theatre.ts'

/** A shop of its own: the other tests' databases must not die beside them. */
const INSTANCE = 251
const DIRECTORY = join(ROOT, 'artifacts', 'chaos', 'smoke-1')
const FAULTS = [primaryKilled, brokerKilled, billingDown]

/** A broken smoke says what is broken before its time is over. */
const STILL_SECONDS_MAX = 100

t.setTimeout(540_000)

t.test('what was sold survives the primary, the broker and the billing-service', async (t) => {
  const said: string[] = []
  const scenario: Scenario = {
    what: FAULTS.map(({ what }) => what).join('; '),
    promise: 'Every sale that was told is there, once, with its documents',
    load: { holdsPerSecond: 6, salesPerSecond: 1, purchasesPerSecond: 0.2 },
    stillSecondsMax: STILL_SECONDS_MAX,
    run: (scene) => FAULTS[scene.run - 1]!.run(scene)
  }

  const theatre = { number: INSTANCE, seed: 1, directory: DIRECTORY, shopDirectory: () => DIRECTORY, seriesDirectory: () => DIRECTORY }
  const results: Result[] = []
  await playAll(
    theatre,
    [{ name: 'smoke', scenario, seed: 1, runs: FAULTS.length, first: 1 }],
    (text) => said.push(text),
    (result) => results.push(result)
  )
  const [result] = results as [Result]

  t.strictSame(result.violations, [], said.join('\n'))
  t.match(result, { holds: true, runs: FAULTS.length, lost: 0, doubled: 0, phantoms: 0, unknown: 0 })
  t.ok(result.acknowledged > 0)
})
