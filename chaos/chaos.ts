import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, endWith } from '../cluster/arguments.ts'
import { SHOP_INSTANCE } from '../cluster/instance.ts'
import { reportOf } from './report.ts'
import type { Result } from './result.ts'
import type { Scenario } from './scenario.ts'
import { playSeries } from './series.ts'

/** The instance that faults are done to; it is emptied. */
const CHAOS_INSTANCE = 5
const RUNS = 3
const FOLDER = join(import.meta.dirname, 'scenarios')

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
  const wanted = name === 'all' ? known : names
  const stranger = wanted.find((one) => !known.includes(one))
  if (stranger) throw new Error(`there is no scenario ${stranger}; there are: ${known.join(', ')}`)
  const seed = whole(values.seed)
  const say = values.json ? (text: string) => console.error(text) : (text: string) => console.log(text)
  const number = instance === SHOP_INSTANCE ? CHAOS_INSTANCE : instance
  const results: Result[] = []
  for (const one of wanted) {
    const scenario = await scenarioNamed(one)
    say(`\n${one}: ${scenario.what}\n  ${scenario.promise}`)
    const runs = values.runs === undefined ? (scenario.runs ?? RUNS) : whole(values.runs)
    const result = await playSeries({ number, name: one, scenario, seed, runs }, say)
    results.push(result)
    say(reportOf(result))
  }
  if (values.json) console.log(JSON.stringify(wanted.length > 1 ? results : results[0]))
  process.exit(results.every(({ holds }) => holds) ? 0 : 1)
}

async function list(): Promise<void> {
  const names = scenarioNames()
  const width = Math.max(...names.map((name) => name.length))
  for (const name of names) {
    const { what, promise, needs } = await scenarioNamed(name)
    console.log(`${name.padEnd(width)}  ${what}\n${' '.repeat(width)}  ${promise}${needs ? ` (needs root: ${needs})` : ''}`)
  }
}

function scenarioNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

async function scenarioNamed(name: string): Promise<Scenario> {
  return ((await import(join(FOLDER, `${name}.ts`))) as { default: Scenario }).default
}

function whole(text: string): number {
  const number = Number(text)
  assert(Number.isInteger(number) && number >= 1, `--seed and --runs take whole numbers from 1, not ${text}`)
  return number
}
