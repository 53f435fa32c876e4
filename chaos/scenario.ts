import type { Instance } from '../cluster/instance.ts'
import type { Violation } from './checks.ts'
import type { Faults } from './faults.ts'
import type { Op, Story } from './history.ts'
import type { Load } from './load/load.ts'
import type { View, Watch } from './watch.ts'

/** One fault and its healing, done again and again to a cluster that goes on. */
export interface Scenario {
  /** What is done, in one sentence. */
  what: string
  /** What is promised meanwhile, in one sentence. */
  promise: string
  load?: Partial<Load>
  /** `addresses`: somebody is cut off from somebody. `crash-points`: somebody is killed at a named place of the code. `root`: more than that. */
  needs?: 'addresses' | 'crash-points' | 'root'
  /** Why it cannot be played on this machine, beside what it needs; nothing when it can. */
  lack?: () => Promise<string | undefined>
  /** How often it is done unless somebody says: once in each of its ways. */
  runs?: number
  /** Why it is played alone, and not with all others in one shop. */
  apart?: string
  /** Checks that show nothing after its fault; the next scenario must not find what they would have found, so it is played `apart`. */
  exempt?: ReadonlyArray<Violation['check']>
  /** The same of the ledger's differences. */
  exemptDifferences?: RegExp
  /** The longest time without a success that keeps the promise; absent: success may stay away while the fault lasts. */
  gapMsMax?: number
  /** The longest time without a page of the catalogue. */
  pageGapMsMax?: number
  /** Sales do not notice: at the box office nobody is first told an error, or waits for longer than the longest time without a success. */
  unnoticed?: boolean
  /** How many purchases may fail in a run; absent: nothing is promised of them. */
  purchasesFailedMax?: number
  /** The longest time from the end of the run until everything is as before. */
  wholeMsMax?: number
  /** After the last buyer, the longest time in which nothing becomes of the documents that are missing. */
  stillSecondsMax?: number
  /** Before anything of an empty instance runs. */
  prepare?: (instance: Instance) => Promise<void>
  /**
   * Does the fault, sees it bite, heals it. What is left to heal by itself is waited for afterwards.
   *
   * @returns What its own load came to, when it had one.
   */
  run: (scene: Scene) => Promise<OwnLoad | undefined>
}

/** Commits that no buyer made. */
export interface OwnLoad {
  /** The longest time without a success. */
  gapMs: number
  acknowledged: number
  /** Acknowledged, and not there afterwards. */
  lost: number
}

/** What a run is given. */
export interface Scene extends Faults, Pick<Watch, 'query' | 'missing'> {
  instance: Instance
  /** Counted from 1. */
  run: number
  /** The same for the same seed and run. */
  random: () => number
  /** The failover's view. @throws Error when it does not answer. */
  view: () => Promise<View>
  /** The moment of the fault: what buyers live through is counted from here. */
  struck: () => void
  /** By the machine's clock. */
  struckMs: () => number
  sinceStruckMs: () => number
  wait: (ms: number) => Promise<void>
  /** Looks until it is true, and gives it back. @throws Error naming what did not come. */
  eventually: <T>(what: string, msMax: number, look: () => Promise<T | undefined | false>) => Promise<T>
  /** What must have happened, or the run has shown nothing and fails. */
  must: (what: string, happened?: boolean) => void
  /** What was promised. */
  kept: (what: string, holds: boolean) => void
  /** How many commands at the box office have succeeded since the run began. */
  successes: () => number
  /** What those who came since the run began have lived through so far. */
  stories: (op: Op) => Story[]
  /** The same of those who came before now, once all of them were told something, or it is certain that they will not be. */
  told: (op: Op) => Promise<Story[]>
  /** Other buyers, once those who came before are told. */
  load: (load: Partial<Load>) => Promise<void>
  /** What is measured here and nowhere else. */
  figure: (what: string, value: number) => void
  say: (text: string) => void
}

export const NOBODY: Load = { holdsPerSecond: 0, salesPerSecond: 0, purchasesPerSecond: 0, readsPerSecond: 0, pagesPerSecond: 0 }

/** What a database survives is measured under commands, with few documents beside them: two cores make both. */
export const LOAD: Load = { ...NOBODY, holdsPerSecond: 10, salesPerSecond: 2, purchasesPerSecond: 0.1 }

/** The failover's view while somebody reigns. */
export async function reign(scene: Pick<Scene, 'view'>): Promise<{ leader: string; epoch: number; standbys: string[] }> {
  const { ready, leader, epoch, streaming, says } = await scene.view()
  if (!ready || !leader || epoch === undefined) throw new Error(`nobody reigns: ${says}`)
  return { leader, epoch, standbys: streaming.toSorted() }
}

/** Waits for a reign after this one, and gives it back. */
export async function nextReign(scene: Scene, epoch: number, msMax: number) {
  const next = await scene.eventually(`a reign after ${epoch}`, msMax, async () => {
    const seen = await reign(scene).catch(() => undefined)
    return seen && seen.epoch > epoch && seen
  })
  scene.must('a reign ended')
  return next
}

/** Waits until somebody has died at that place of the code. */
export async function deathAt(scene: Scene, point: string, msMax: number): Promise<void> {
  await scene.eventually(`a death at ${point}`, msMax, async () => scene.crashed(point))
  scene.must(`somebody died at ${point}`)
  scene.say(`somebody died at ${point}`)
}
