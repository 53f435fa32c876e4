import { setTimeout as sleep } from 'node:timers/promises'
import { isUnavailable, isUnknown, unavailable } from '../chassis/errors.ts'
import { openLines } from './lines.ts'

/** What becomes of one command in a batch that was committed. `again`: it wants another try, and has nothing to say yet. */
export type Done<A> = { answer: A } | { error: Error } | { again: Error }

export interface LaneLimits {
  /** Batches under way at a time. */
  lanes: number
  /** Commands in one batch. */
  batchMax: number
  /** Commands waiting, over all shows. */
  waitingMax: number
  /** Commands waiting for one show: a storm there leaves room for the others. */
  waitingPerShowMax: number
  /** After this a command is answered, whatever is known: when its batch ends, or the next lane is free. */
  answerMsMax: number
  /** Tries of a command that asks for another. */
  triesMax: number
}

export interface Lanes<C, A> {
  /**
   * Waits in line for a batch of its show, and gives its answer once that batch is committed.
   *
   * @param sinceMs - When the command came in, on the clock of `performance.now()`: what it waited for before counts.
   * @throws Error its own refusal; `unavailable` when the line is full or the database was away until the deadline;
   *   an unknown outcome when a commit was sent and nobody can say what became of it.
   */
  enter: (showId: number, command: C, onStart?: (waitedMs: number) => void, sinceMs?: number) => Promise<A>
  /** How many wait. */
  waiting: () => number
}

interface Waiting<C, A> {
  showId: number
  command: C
  sinceMs: number
  enteredMs: number
  tries: number
  /** A commit with this command in it was sent, and its fate is not known. */
  unknown: Error | undefined
  onStart: ((waitedMs: number) => void) | undefined
  answer: (answer: A) => void
  refuse: (err: Error) => void
}

const PAUSE_MS = 50

/**
 * Collects commands into batches. No timer: an idle lane starts at once, so a
 * batch grows only while others are under way. A show is in one batch at a
 * time, and a batch takes from every show in turn, so that a storm on one
 * delays the others by one batch at most while locks are given.
 *
 * A batch that fails is halved until the command that fails alone has its own
 * error; where it failed for a lock that was not given, each half may wait for
 * it anew. When the fate of its commit is not known, nobody is answered: each
 * command is done again by its id, until its deadline.
 *
 * @param run - Does a batch in one transaction: all of it or nothing.
 */
export function openLanes<C, A>(limits: LaneLimits, run: (commands: C[]) => Promise<Array<Done<A>>>): Lanes<C, A> {
  const lines = openLines<Waiting<C, A>>()
  const busy = new Set<number>()
  let underway = 0
  let starting = false

  return { enter, waiting: lines.count }

  function enter(showId: number, command: C, onStart?: (waitedMs: number) => void, sinceMs?: number): Promise<A> {
    if (lines.count() >= limits.waitingMax || lines.countOf(showId) >= limits.waitingPerShowMax)
      return Promise.reject(unavailable('room in the line'))
    const { promise, resolve, reject } = Promise.withResolvers<A>()
    const enteredMs = performance.now()
    const answering = { onStart, answer: resolve, refuse: reject }
    lines.add({ showId, command, enteredMs, sinceMs: sinceMs ?? enteredMs, tries: 0, unknown: undefined, ...answering })
    startSoon()
    return promise
  }

  /** Once what the sockets have brought has been read: requests that come together are one batch. */
  function startSoon(): void {
    if (starting || underway >= limits.lanes) return
    starting = true
    setImmediate(() => {
      starting = false
      start()
    })
  }

  function start(): void {
    refuseAll(lines.takeWhile(isLate), unavailable('a lane in time'))
    if (underway >= limits.lanes) return
    const batch = lines.take(limits.batchMax, (showId) => busy.has(showId))
    if (batch.length === 0) return
    underway++
    for (const { showId } of batch) busy.add(showId)
    const nowMs = performance.now()
    for (const { onStart, enteredMs, tries } of batch) if (tries === 0) onStart?.(nowMs - enteredMs)
    finish(batch).finally(() => {
      underway--
      for (const { showId } of batch) busy.delete(showId)
      startSoon()
    })
    startSoon()
  }

  async function finish(batch: Array<Waiting<C, A>>): Promise<void> {
    try {
      const done = await run(batch.map(({ command }) => command))
      comeBack(batch.filter((one, i) => !conclude(one, done[i]!)))
    } catch (err) {
      await recover(batch, err as Error)
    }
  }

  /** @returns False when it is to be done again. */
  function conclude(one: Waiting<C, A>, done: Done<A>): boolean {
    if ('answer' in done) one.answer(done.answer)
    else if ('error' in done) one.refuse(done.error)
    else if (++one.tries >= limits.triesMax || isLate(one)) one.refuse(done.again)
    else return false
    return true
  }

  async function recover(batch: Array<Waiting<C, A>>, err: Error): Promise<void> {
    if (isUnknown(err)) for (const one of batch) one.unknown = err
    else if (batch.length > 1 && !isAway(err)) return halve(batch)
    else if (!isUnavailable(err)) return refuseAll(batch, err)
    const { late = [], early = [] } = byDeadline(batch)
    refuseAll(late, err)
    if (early.length > 0) await sleep(PAUSE_MS)
    comeBack(early)
  }

  function refuseAll(batch: Array<Waiting<C, A>>, err: Error): void {
    for (const one of batch) one.refuse(one.unknown ?? err)
  }

  async function halve(batch: Array<Waiting<C, A>>): Promise<void> {
    const middle = Math.ceil(batch.length / 2)
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      const { late = [], early = [] } = byDeadline(half)
      refuseAll(late, unavailable('an answer in time'))
      if (early.length > 0) await finish(early)
    }
  }

  function comeBack(batch: Array<Waiting<C, A>>): void {
    lines.putBack(batch)
    startSoon()
  }

  /** Each is looked at once: who becomes late in between would be neither. */
  function byDeadline(batch: Array<Waiting<C, A>>): Partial<Record<'late' | 'early', Array<Waiting<C, A>>>> {
    return Object.groupBy(batch, (one) => (isLate(one) ? 'late' : 'early'))
  }

  function isLate({ sinceMs }: Waiting<C, A>): boolean {
    return performance.now() - sinceMs > limits.answerMsMax
  }
}

/** The database is away for everybody: halving the batch would only ask it more often. */
function isAway(err: Error): boolean {
  const { code = '' } = (err.cause ?? {}) as { code?: string }
  return isUnavailable(err) && !/^(40001|40P01|55P03|57014)$/.test(code)
}
