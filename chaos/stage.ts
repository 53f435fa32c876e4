import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { addressesLack } from '../cluster/driver/network.ts'
import { openInstance } from '../cluster/driver/run.ts'
import { type Instance, instanceDirectory, ROOT, readInstance } from '../cluster/instance.ts'
import { type Crowd, openCrowd } from './crowd.ts'
import { removeDisks } from './disks.ts'
import { type Faults, openFaults } from './faults.ts'
import { openHalls } from './halls.ts'
import { LOAD, type Scenario } from './scenario.ts'
import { openWatch, type Watch } from './watch.ts'

/** A whole shop of its own, from empty databases, with buyers in it. */
export interface Stage {
  instance: Instance
  faults: Faults
  watch: Watch
  crowd: Crowd
  historyPath: string
  /** Where the evidence is kept. */
  directory: string
  close: () => Promise<void>
}

/** @returns Why a scenario cannot be played here; nothing when it can. */
export async function lackFor({ needs }: Scenario): Promise<string | undefined> {
  return needs === undefined ? undefined : addressesLack()
}

/** @param onTrouble - The buyers' process does what buyers do not do. */
export async function openStage(
  { number, name, scenario, seed }: { number: number; name: string; scenario: Scenario; seed: number },
  say: (text: string) => void,
  onTrouble: (err: Error) => void
): Promise<Stage> {
  const directory = join(ROOT, 'artifacts', 'chaos', `${name}-${seed}`)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  await removeDisks(instanceDirectory(number)) // of a run that was killed
  const footing = (await addressesLack()) === undefined ? 'shaky' : 'firm'
  const running = await openInstance(number, { demo: false, empty: true, footing }, say)
  const logs = join(running.instance.directory, 'logs')
  const closing: Array<() => unknown> = [() => cpSync(logs, join(directory, 'logs'), { recursive: true }), running.end]
  const close = async () => {
    for (const step of closing.splice(0).toReversed()) await step()
  }
  try {
    const tidy = await scenario.prepare?.(running.instance)
    if (tidy) closing.unshift(tidy) // a disk is taken away once nobody works on it
    await running.start()
    const instance = await readInstance(number)
    const faults = openFaults(instance)
    const watch = await openWatch(instance, faults)
    closing.push(watch.close)
    const halls = await openHalls(instance)
    const crowd = openCrowd(onTrouble)
    closing.push(crowd.close)
    const historyPath = join(directory, 'history.jsonl')
    await crowd.begin({ instance: number, historyPath, seed, halls, load: { ...LOAD, ...scenario.load } })
    return { instance, faults, watch, crowd, historyPath, directory, close }
  } catch (err) {
    await close()
    throw err
  }
}
