import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, endWith } from '../cluster/arguments.ts'
import { ROOT, SHOP_INSTANCE } from '../cluster/instance.ts'
import { PAGE } from './evidence.ts'
import { randomFrom } from './random.ts'
import { reportOf } from './report.ts'
import { indexPage } from './report-page/index-page.ts'
import type { Result, Series } from './result.ts'
import type { Scenario } from './scenario.ts'
import { playAll, type Theatre } from './theatre.ts'

/** The instance that faults are done to; it is emptied. */
const CHAOS_INSTANCE = 5
const RUNS = 3
const SCENARIOS = join(import.meta.dirname, 'scenarios')
const EVIDENCE = join(ROOT, 'artifacts', 'chaos')

type Say = (text: string) => void

/** Does faults to a shop that sells, and shows what became of its promises. Exit code 0: all of them were kept. */
if (import.meta.main) await main().catch(endWith)

async function main(): Promise<void> {
  const { instance, values, names } = commandLine({
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
    json: { type: 'boolean', default: false }
  } as const)
  const [name = 'list'] = names
  if (name === 'list') return list()
  const known = scenarioNames()
  const stranger = names.find((one) => one !== 'all' && !known.includes(one))
  if (stranger) throw new Error(`there is no scenario ${stranger}; there are: ${known.join(', ')}`)
  const number = instance === SHOP_INSTANCE ? CHAOS_INSTANCE : instance
  const seed = whole(values.seed)
  const runs = values.runs === undefined ? undefined : whole(values.runs)
  const say: Say = values.json ? (text) => console.error(text) : (text) => console.log(text)
  const results = name === 'all' ? await playTogether(number, seed, runs, say) : await playApart(names, number, seed, runs, say)
  if (values.json) console.log(JSON.stringify(name === 'all' || names.length > 1 ? results : results[0]))
  process.exit(results.every(({ holds }) => holds) ? 0 : 1)
}

/** Each in a shop of its own. */
async function playApart(names: string[], number: number, seed: number, runs: number | undefined, say: Say): Promise<Result[]> {
  const results: Result[] = []
  for (const name of names) {
    const scenario = await scenarioNamed(name)
    const directory = join(EVIDENCE, `${name}-${seed}`)
    const theatre: Theatre = { number, seed, directory, shopDirectory: () => directory, seriesDirectory: () => directory }
    const series = { name, scenario, seed, runs: runs ?? scenario.runs ?? RUNS, first: 1 }
    await playAll(theatre, [series], say, telling(results, say))
  }
  return results
}

/** One after the other in one shop, in an order by the seed; what can be done in several ways is done in another way by another seed. */
async function playTogether(number: number, seed: number, runs: number | undefined, say: Say): Promise<Result[]> {
  const results: Result[] = []
  const directory = join(EVIDENCE, `all-${seed}`)
  const theatre: Theatre = {
    number,
    seed,
    directory,
    shopDirectory: (shop) => join(directory, `shop-${shop}`),
    seriesDirectory: ({ name }) => join(directory, name)
  }
  const all: Series[] = []
  for (const name of scenarioNames()) {
    const scenario = await scenarioNamed(name)
    if (!scenario.apart) all.push({ name, scenario, seed, runs: runs ?? 1, first: seed })
  }
  await playAll(theatre, shuffled(all, seed), say, telling(results, say))
  writeFileSync(join(directory, 'results.json'), `${JSON.stringify(results)}\n`)
  writeFileSync(join(directory, 'index.html'), indexPage(results.map((result) => ({ result, href: `${result.scenario}/${PAGE}` }))))
  return results
}

function telling(results: Result[], say: Say): (result: Result) => void {
  return (result) => {
    results.push(result)
    say(reportOf(result))
  }
}

function shuffled<T>(all: T[], seed: number): T[] {
  const random = randomFrom(seed)
  return all
    .map((one) => ({ one, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one)
}

async function list(): Promise<void> {
  const names = scenarioNames()
  const width = Math.max(...names.map((name) => name.length))
  for (const name of names) {
    const { what, promise, needs, apart } = await scenarioNamed(name)
    const notes = [...(needs ? [`needs root: ${needs}`] : []), ...(apart ? [`not part of all: ${apart}`] : [])]
    console.log(`${name.padEnd(width)}  ${what}\n${' '.repeat(width)}  ${promise}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`)
  }
}

function scenarioNames(): string[] {
  return readdirSync(SCENARIOS)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

async function scenarioNamed(name: string): Promise<Scenario> {
  return ((await import(join(SCENARIOS, `${name}.ts`))) as { default: Scenario }).default
}

function whole(text: string): number {
  const number = Number(text)
  assert(Number.isInteger(number) && number >= 1, `--seed and --runs take whole numbers from 1, not ${text}`)
  return number
}
