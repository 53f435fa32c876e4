import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { addressesLack } from '../cluster/driver/network.ts'
import { openInstance } from '../cluster/driver/run.ts'
import { type Instance, instanceDirectory, readInstance } from '../cluster/instance.ts'
import type { Closing } from './closing.ts'
import { type Crowd, openCrowd } from './crowd.ts'
import { removeDisks } from './disks.ts'
import { EVIDENCE } from './evidence.ts'
import { type Faults, openFaults } from './faults.ts'
import { openHalls } from './halls.ts'
import { type Entry, followHistory } from './history.ts'
import type { Scenario } from './scenario.ts'
import { openWatch, type Watch } from './watch.ts'

/** A whole shop of its own, from empty databases, with buyers who wait for its doors to open. */
export interface Stage {
  instance: Instance
  faults: Faults
  watch: Watch
  crowd: Crowd
  /** Everything that buyers said and were told so far. */
  history: () => readonly Entry[]
}

/** @returns Why a scenario cannot be played here; nothing when it can. */
export async function lackFor({ needs, lack }: Scenario): Promise<string | undefined> {
  return (needs === undefined ? undefined : await addressesLack()) ?? lack?.()
}

/** What a stage is opened for. */
interface Plan {
  number: number
  seed: number
  /** Where its history and its logs are kept. */
  directory: string
  scenarios: Scenario[]
}

/**
 * @param closing - Is given every step that undoes this, so that it can be undone while it is half done.
 * @param onTrouble - The buyers' process does what buyers do not do.
 */
export async function openStage(
  { number, seed, directory, scenarios }: Plan,
  closing: Closing,
  say: (text: string) => void,
  onTrouble: (err: Error) => void
): Promise<Stage> {
  mkdirSync(directory, { recursive: true })
  await removeDisks(instanceDirectory(number)) // of a run that was killed
  const footing = (await addressesLack()) === undefined ? 'shaky' : 'firm'
  const opening = openInstance(number, { demo: false, empty: true, footing }, say)
  closing.add(() => removeDisks(instanceDirectory(number))) // once nobody works on them
  closing.add(() => cpSync(join(instanceDirectory(number), 'logs'), join(directory, 'logs'), { recursive: true }))
  closing.add(() => opening.then(({ end }) => end(), nothing))
  const running = await opening
  for (const prepare of new Set(scenarios.map(({ prepare }) => prepare))) await prepare?.(running.instance)
  await running.start()
  const instance = await readInstance(number)
  const faults = openFaults(instance)
  const watch = await openWatch(instance, faults)
  closing.add(watch.close)
  const halls = await openHalls(instance)
  const crowd = openCrowd(onTrouble)
  closing.add(crowd.close)
  closing.add(faults.undo) // before anybody is asked to end
  const historyPath = join(directory, EVIDENCE.history)
  await crowd.begin({ instance: number, historyPath, seed, halls })
  return { instance, faults, watch, crowd, history: followHistory(historyPath) }
}

/** What did not open has said so to whoever wanted it, and left nothing to end. */
function nothing(): void {}
