import { readFile, writeFile } from 'node:fs/promises'
import t from 'tap'
import { MUTANTS, SPARE } from './given-election-mutants.ts'
import { LARGE, SMALL } from './given-election-plans.ts'
import { PRODUCT } from './given-election-product.ts'
import { roundsUntilOpen } from './given-election-quiet.ts'
import { type Explored, pageOf, tracesOf } from './given-election-report.ts'
import { explore, type Found } from './given-election-search.ts'

const PAGE = 'docs/failover-exploration.md'
const EVERYTHING = ['rule', 'harm'] as const
const MUTANT_STATES_MAX = 400_000
/** Of the worlds that were reached, this many are left in peace, to see that sales go on. */
const QUIET_SAMPLES = 2_000
const QUIET_ROUNDS_MAX = 40

const large = process.env.EXPLORE === 'large'
const plans = large ? [...SMALL, ...LARGE] : SMALL
const statesMax = large ? 3_000_000 : 400_000
const explored: Explored[] = []
const broken: Explored[] = []

for (const { name, bounds } of plans)
  t.test(`nothing is lost, and no rule broken: ${name}`, async (t) => {
    const found = explore(bounds, PRODUCT, EVERYTHING, statesMax)

    t.strictSame(found.violation, undefined)
    t.ok(found.whole, 'all of it was seen')
    t.strictSame(stuckAmong(found), [], 'once nothing breaks any more, clients find a primary that commits')
    explored.push(rowOf(name, found))
  })

for (const { name, bounds, product } of MUTANTS)
  t.test(`it would be found out if ${name}`, async (t) => {
    const found = explore(bounds, product, EVERYTHING, MUTANT_STATES_MAX)

    t.ok(found.violation, `within ${found.states} states`)
    broken.push(rowOf(name, found))
  })

for (const { name, bounds, product } of SPARE)
  t.test(`nothing was found yet where ${name}: another rule covers it`, async (t) => {
    const found = explore(bounds, product, EVERYTHING, MUTANT_STATES_MAX)

    t.strictSame(found.violation, undefined)
    broken.push(rowOf(name, found))
  })

t.test('the page tells what was explored', async (t) => {
  const page = pageOf(explored, broken)
  t.comment(page)
  if (process.env.TRACES) t.comment(tracesOf(broken))
  if (process.env.UPDATE_DOCS) await writeFile(PAGE, page)

  const committed = await readFile(PAGE, 'utf8')
  const missing = [...explored, ...broken].filter(({ name }) => !committed.includes(name)).map(({ name }) => name)
  t.strictSame(missing, [], 'UPDATE_DOCS=1 writes it anew')
})

function rowOf(name: string, { states, transitions, seconds, violation }: Found): Explored {
  return { name, states, transitions, seconds, violation }
}

function stuckAmong({ store }: Found): string[] {
  const stride = Math.max(1, Math.floor(store.size() / QUIET_SAMPLES))
  const worlds = Array.from({ length: Math.floor(store.size() / stride) }, (_, at) => store.world(at * stride))
  const stuck = worlds.filter((world) => roundsUntilOpen(world, PRODUCT, QUIET_ROUNDS_MAX) === undefined)
  return stuck.slice(0, 1).map((world) => JSON.stringify(world))
}
