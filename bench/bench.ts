import assert from 'node:assert/strict'
import { commandLine, endWith } from '../cluster/arguments.ts'
import { SHOP_INSTANCE } from '../cluster/instance.ts'
import { bestAvailable } from './best-available.ts'
import { explain } from './explain.ts'
import { rounded } from './figures.ts'
import { hotSeats } from './hot-seats.ts'
import type { Bench, Lab, Outcome } from './lab.ts'
import { openLoad } from './load/load.ts'
import { machineOf } from './machine.ts'
import { map } from './map.ts'
import { onSale } from './on-sale.ts'
import { oneShow } from './one-show.ts'
import { purchase, purchaseCte, purchaseNaive } from './purchase.ts'
import { warmUp } from './sales.ts'
import { scale } from './scale.ts'
import { BENCH_INSTANCE, openShop } from './shop.ts'

const BENCHES: Record<string, Bench> = {
  purchase,
  'purchase-cte': purchaseCte,
  'purchase-naive': purchaseNaive,
  'hot-seats': hotSeats,
  'one-show': oneShow,
  scale,
  'on-sale': onSale,
  'best-available': bestAvailable,
  map,
  explain
}

/** Everything runs in one shop of its own, which begins empty. Exit code 0: what was asked for holds. */
if (import.meta.main) await main().catch(endWith)

interface Result extends Omit<Outcome, 'ours'> {
  name: string
  /** Null when what was measured is void: `figures.void` says why. */
  ours: number | null
  target: string
  machine: string
}

async function main(): Promise<void> {
  const { instance, values, names } = commandLine({
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    orders: { type: 'string', default: '5000000' },
    json: { type: 'boolean', default: false }
  } as const)
  const [name] = names
  if (name === 'list' || name === undefined) return list()
  const wanted = name === 'all' ? Object.keys(BENCHES) : names
  const unknown = wanted.find((one) => !(one in BENCHES))
  if (unknown) throw new Error(`there is no benchmark ${unknown}; there are: ${Object.keys(BENCHES).join(', ')}`)
  const limits = { seconds: atLeastOne(values.seconds), rounds: atLeastOne(values.rounds), orders: atLeastOne(values.orders) }
  const say = values.json ? (text: string) => console.error(text) : (text: string) => console.log(text)
  const results = await runAll(instance === SHOP_INSTANCE ? BENCH_INSTANCE : instance, wanted, limits, say)
  if (values.json) console.log(JSON.stringify(name === 'all' || names.length > 1 ? results : results[0]))
  process.exitCode = results.every(({ holds }) => holds) ? 0 : 1
}

function list(): void {
  const width = Math.max(...Object.keys(BENCHES).map((name) => name.length))
  for (const [name, { what, target }] of Object.entries(BENCHES))
    console.log(`${name.padEnd(width)}  ${what}\n${' '.repeat(width)}  ${target}`)
}

type Limits = Pick<Lab, 'seconds' | 'rounds' | 'orders'>

async function runAll(instance: number, names: string[], limits: Limits, say: (text: string) => void): Promise<Result[]> {
  say('starting databases and reservation-services, empty')
  const shop = await openShop(instance, say)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => shop.end().then(() => process.exit(130)))
  const load = openLoad()
  const results: Result[] = []
  try {
    const machine = await machineOf(shop.superuser)
    say(`${machine}\nwarming up`)
    await warmUp({ shop, load, say, ...limits })
    for (const name of names) results.push(await runOne(name, machine, { shop, load, say, ...limits }))
    return results
  } finally {
    load.close()
    await shop.end()
  }
}

/** What is void fails, and the others go on. */
async function runOne(name: string, machine: string, lab: Lab): Promise<Result> {
  const { what, target, run } = BENCHES[name]!
  lab.say(`\n${name}: ${what}`)
  const outcome = await run(lab).catch((err: Error) => {
    lab.say(`  ${err.message}`)
    return { ours: null, baseline: null, ratio: null, holds: false, figures: { void: err.message }, rounds: [] }
  })
  const result = rounded({ name, target, machine, ...outcome })
  lab.say(lineOf(result))
  return result
}

function lineOf({ name, ours, baseline, ratio, holds, target }: Result): string {
  const figures = ratio === null ? `${ours}` : `${ours} ÷ ${baseline}: ratio ${ratio}`
  return `  ${holds ? 'holds ' : 'MISSED'}  ${name}: ${figures} (target: ${target})`
}

function atLeastOne(text: string): number {
  const number = Number(text)
  assert(Number.isInteger(number) && number >= 1, `--seconds, --rounds and --orders take whole numbers from 1, not ${text}`)
  return number
}
