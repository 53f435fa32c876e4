import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { type Done, type LaneLimits, type Lanes, openLanes } from './lanes.ts'

/** For tests: lanes whose batches wait until the test says what becomes of them. A command is its name, and its answer too. */
export interface GivenLanes extends Lanes<string, string> {
  /** Every batch that was begun, in order. */
  batches: Batch[]
  /** The batch with this index, once it has begun. */
  batch: (index: number) => Promise<Batch>
}

export interface Batch {
  commands: string[]
  /** Each command is its own answer, but for those that are said to end otherwise. */
  commit: (others?: Record<string, Done<string>>) => void
  fail: (err: Error) => void
}

const LIMITS: LaneLimits = { lanes: 1, batchMax: 4, waitingMax: 5_000, waitingPerShowMax: 2_000, answerMsMax: 5_000, triesMax: 10 }
const WAIT_MS_MAX = 5_000

export function givenLanes(limits: Partial<LaneLimits> = {}): GivenLanes {
  const batches: Batch[] = []
  const lanes = openLanes<string, string>({ ...LIMITS, ...limits }, (commands) => {
    const { promise, resolve, reject } = Promise.withResolvers<Array<Done<string>>>()
    const commit: Batch['commit'] = (others = {}) => resolve(commands.map((command) => others[command] ?? { answer: command }))
    batches.push({ commands, commit, fail: reject })
    return promise
  })
  return { ...lanes, batches, batch }

  async function batch(index: number): Promise<Batch> {
    await until(() => index < batches.length)
    return batches[index]!
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it never came true')
    await sleep(1)
  }
}

/** Time enough for everything that is ready to happen. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await turn()
}

/** What became of a promise by now. */
export async function fateOf(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise.catch((err: unknown) => err), settle().then(() => 'waiting')])
}

/** Lets every batch end in this way, those to come too, until all is done. */
export async function endAll(batches: Batch[], done: Promise<unknown>, end: (batch: Batch) => void): Promise<void> {
  let finished = false
  done.finally(() => {
    finished = true
  })
  while (!finished) {
    batches.forEach(end)
    await sleep(1)
  }
}
