import { setTimeout as sleep } from 'node:timers/promises'
import fc, { type Arbitrary } from 'fast-check'
import { isUnavailable, isUnknown, unavailable, unknownOutcome } from '../chassis/errors.ts'
import { type Done, type Lanes, openLanes } from './lanes.ts'

/** For tests: commands that arrive at some time, and what becomes of the batches they are done in. */
export interface LaneHistory {
  lanes: number
  arrivals: Array<{ showId: number; afterMs: number; isCulprit: boolean }>
  batches: Array<{ tookMs: number; fate: Fate; outcomes: Outcome[] }>
}

/** `lost` and `kept`: nobody can say whether the commit happened, and it did not, or did. */
type Fate = 'committed' | 'lost' | 'kept' | 'away' | 'locked'
type Outcome = 'answer' | 'error' | 'again'

const LIMITS = { batchMax: 4, waitingMax: 14, waitingPerShowMax: 8, answerMsMax: 120, triesMax: 3 }
const SETTLED_MS_MAX = 5_000
const TAKEN = 'taken'

export const laneHistories: Arbitrary<LaneHistory> = fc.record({
  lanes: fc.integer({ min: 1, max: 3 }),
  arrivals: fc.array(
    fc.record({
      showId: fc.integer({ min: 1, max: 3 }),
      afterMs: fc.nat({ max: 6 }),
      isCulprit: fc.constantFrom(false, false, false, true)
    }),
    { minLength: 1, maxLength: 25 }
  ),
  batches: fc.array(
    fc.record({
      tookMs: fc.nat({ max: 5 }),
      fate: fc.constantFrom<Fate>('committed', 'committed', 'lost', 'kept', 'away', 'locked'),
      outcomes: fc.array(fc.constantFrom<Outcome>('answer', 'error', 'again'), { maxLength: 4 })
    }),
    { maxLength: 25 }
  )
})

/** Lets it happen. @returns One sentence for everything that must not be. */
export async function faultsOf({ lanes: count, arrivals, batches }: LaneHistory, open: typeof openLanes = openLanes): Promise<string[]> {
  const faults: string[] = []
  const left = [...batches]
  const [stands, doubted, answered, underway] = [new Set<number>(), new Set<number>(), new Set<number>(), new Set<number>()]
  const lanes = open<number, number>({ lanes: count, ...LIMITS }, run)
  const fates = await Promise.all(arrivals.map((_, command) => fateOf(lanes, command)))
  fates.forEach(judge)
  if (lanes.waiting() !== 0) faults.push(`${lanes.waiting()} still wait`)
  return faults

  async function fateOf(lanes: Lanes<number, number>, command: number): Promise<unknown> {
    await sleep(arrivals.slice(0, command + 1).reduce((sum, { afterMs }) => sum + afterMs, 0))
    const told = new AbortController()
    const fate = await Promise.race([
      lanes.enter(arrivals[command]!.showId, command).catch((err: unknown) => err),
      sleep(SETTLED_MS_MAX, 'never', { signal: told.signal }).catch(() => undefined)
    ])
    told.abort()
    answered.add(command)
    return fate
  }

  async function run(commands: number[]): Promise<Array<Done<number>>> {
    const shows = new Set(commands.map((command) => arrivals[command]!.showId))
    if (commands.length > LIMITS.batchMax) faults.push(`a batch of ${commands.length}`)
    for (const command of commands) if (answered.has(command)) faults.push(`${command} is done after it was answered`)
    for (const showId of shows) if (underway.has(showId)) faults.push(`show ${showId} is in two batches`)
    for (const showId of shows) underway.add(showId)
    try {
      return await decide(commands)
    } finally {
      for (const showId of shows) underway.delete(showId)
    }
  }

  async function decide(commands: number[]): Promise<Array<Done<number>>> {
    const { tookMs, fate, outcomes } = left.shift() ?? { tookMs: 0, fate: 'committed', outcomes: [] }
    await sleep(tookMs)
    const culprit = commands.find((command) => arrivals[command]!.isCulprit && !stands.has(command))
    if (fate === 'away') throw unavailable('the database', { code: 'ECONNREFUSED' })
    if (fate === 'locked') throw unavailable('the database', { code: '55P03' })
    if (culprit !== undefined) throw new Error(`culprit ${culprit}`)
    if (fate === 'lost' || fate === 'kept') for (const command of commands) doubted.add(command)
    if (fate === 'lost') throw unknownOutcome('cut')
    const done = commands.map((command, i) => doneBy(command, outcomes[i]))
    if (fate === 'kept') throw unknownOutcome('cut')
    return done
  }

  function doneBy(command: number, outcome: Outcome = 'answer'): Done<number> {
    if (outcome === 'answer') stands.add(command)
    if (stands.has(command)) return { answer: command }
    return outcome === 'again' ? { again: new Error(TAKEN) } : { error: new Error(TAKEN) }
  }

  /** What somebody is told is true: nothing was done, it was done, or nobody knows. */
  function judge(fate: unknown, command: number): void {
    const said = fate instanceof Error ? fate.message : fate
    if (isUnknown(fate) && doubted.has(command)) return
    if (said === command && stands.has(command)) return
    if ((said === TAKEN || isUnavailable(fate)) && !stands.has(command)) return
    if (said === `culprit ${command}` && arrivals[command]!.isCulprit && !stands.has(command)) return
    faults.push(`${command} was told «${said}» and ${stands.has(command) ? 'stands' : 'does not stand'}`)
  }
}
