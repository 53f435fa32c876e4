import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { commandLine, endWith } from '../cluster/arguments.ts'
import { SHOP_INSTANCE } from '../cluster/instance.ts'
import { copyOf, copySources, sourceState } from './mutants/copy.ts'
import { detect, endDetector } from './mutants/detect.ts'
import { HASTE, MUTANTS } from './mutants/list.ts'
import type { Detector, Mutant } from './mutants/mutant.ts'
import { checkOf, nameOf, type Outcome, record } from './mutants/record.ts'
import type { Verdict } from './mutants/verdict.ts'

/** Where faults are done to the copies' shops. */
const MUTANTS_INSTANCE = 60
const SEEDS_MAX = 3
const CONTROL = 'control'
const INTERRUPTED = 130 // as a shell says it

const controls = new Map<string, Outcome['control']>()

interface Trial {
  seed: number
  seedsMax: number
  instance: number
  say: (text: string) => void
}

/** Takes away, one at a time, what the promises stand on, and shows that a check notices. Exit code 0: each was noticed. */
if (import.meta.main) await main().catch(endWith)

async function main(): Promise<void> {
  const { instance, values, names } = commandLine({
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: String(SEEDS_MAX) },
    json: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false }
  } as const)
  const [name = 'list'] = names
  if (name === 'list') return list()
  const wanted = name === 'all' ? MUTANTS : names.map(mutantNamed)
  const say = values.json ? (text: string) => console.error(text) : (text: string) => console.log(text)
  const number = instance === SHOP_INSTANCE ? MUTANTS_INSTANCE : instance
  const trial = { seed: whole(values.seed), seedsMax: whole(values.seeds), instance: number, say }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void endDetector().then(() => process.exit(INTERRUPTED), endWith))
  const outcomes: Outcome[] = []
  for (const mutant of wanted) {
    say(`\n${mutant.name}: ${mutant.takenAway}\n  ${nameOf(mutant.detector)}: ${checkOf(mutant.detector)}`)
    const outcome = await tryMutant(mutant, trial)
    say(`  ${outcome.holds ? 'caught' : 'NOT CAUGHT'}  ${mutant.name}`)
    outcomes.push(outcome)
    if (values.record)
      record(
        [outcome],
        MUTANTS.map(({ name }) => name)
      )
  }
  if (values.json) console.log(JSON.stringify(outcomes))
  process.exit(outcomes.every(({ holds }) => holds) ? 0 : 1)
}

async function tryMutant(mutant: Mutant, trial: Trial): Promise<Outcome> {
  const { detector, edits, name, takenAway } = mutant
  const { seed: first, seedsMax, instance, say } = trial
  const beganMs = performance.now()
  const folder = await copySources(name, 'scenario' in detector ? [...edits, HASTE] : edits)
  let last: Verdict = { is: 'green', said: '' }
  let seed = first
  for (; seed < first + seedsMax; seed++) {
    last = await detect(folder, detector, seed, instance)
    say(`  seed ${seed}: ${last.is} ${last.said}`)
    if (last.is === 'caught') break
  }
  const caught = last.is === 'caught'
  const control = caught ? await controlOf(detector, seed, trial) : 'not run'
  const holds = caught && control === 'green'
  if (holds) rmSync(folder, { recursive: true }) // what was not caught is looked into
  return {
    ...{ mutant: name, takenAway, detector: nameOf(detector), check: checkOf(detector), seed: caught ? seed : null, said: last.said },
    ...{ control, holds, seconds: Math.round((performance.now() - beganMs) / 1_000) },
    ...{ date: new Date().toISOString(), ...(await sourceState()) }
  }
}

/** Of mutants that share a detector and a seed, one control shows that nothing else made it red. */
async function controlOf(detector: Detector, seed: number, { instance, say }: Trial): Promise<Outcome['control']> {
  const key = `${nameOf(detector)} ${seed}`
  const known = controls.get(key)
  if (known) return known
  const verdict = await detect(await copySources(CONTROL, []), detector, seed, instance)
  const control = verdict.is === 'green' ? 'green' : 'red'
  say(`  control: ${control} ${verdict.said}`)
  if (control === 'red') return control // perhaps for lack of processors: the next mutant asks for it again
  rmSync(copyOf(CONTROL), { recursive: true })
  controls.set(key, control)
  return control
}

function list(): void {
  for (const { name, takenAway, detector } of MUTANTS)
    console.log(`${name}\n  ${takenAway}\n  must be caught by ${nameOf(detector)}: ${checkOf(detector)}`)
}

function mutantNamed(name: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.name === name)
  if (!found) throw new Error(`there is no mutant ${name}; there are: ${MUTANTS.map((mutant) => mutant.name).join(', ')}`)
  return found
}

function whole(text: string): number {
  const number = Number(text)
  assert(Number.isInteger(number) && number >= 1, `--seed and --seeds take whole numbers from 1, not ${text}`)
  return number
}
