import { setTimeout as sleep } from 'node:timers/promises'
import { isUnavailable, isUnknown, unavailable } from './errors.ts'

export interface PatienceLimits {
  /** From when a command came in; a try that has begun by then is not cut off. */
  answerMsMax: number
  /** Commands under way at a time, those that wait among them. Who comes on top is told so at once. */
  commandsMax: number
}

/** @param sinceMs - When the command came in, on the clock of `performance.now()`: what was waited before counts. */
export type Patience = <T>(command: () => Promise<T> | T, sinceMs?: number) => Promise<T>

const PAUSE_MS = 50

/**
 * Sends commands again while nobody is there to take them, or until it is known
 * what became of them: during a failover a caller waits, and is not turned away.
 * Safe because a command carries an id of its caller's: the second time finds
 * what the first one did. A refusal and a bug are answers, and come at once.
 *
 * @throws what was `unavailable` until the deadline: nothing was done. An unknown
 *   outcome, once there was one, stays one: the first time may have worked.
 */
export function openPatience({ answerMsMax, commandsMax }: PatienceLimits): Patience {
  let underway = 0

  return async function patiently(command, sinceMs = performance.now()) {
    if (underway >= commandsMax) throw unavailable('room for another command')
    underway++
    try {
      return await untilKnown(sinceMs + answerMsMax, command)
    } finally {
      underway--
    }
  }
}

async function untilKnown<T>(deadlineMs: number, command: () => Promise<T> | T): Promise<T> {
  for (let unknown: unknown; ; ) {
    try {
      return await command()
    } catch (err) {
      if (isUnknown(err)) unknown = err
      else if (!isUnavailable(err)) throw err
      if (performance.now() + PAUSE_MS > deadlineMs) throw unknown ?? err
      await sleep(PAUSE_MS)
    }
  }
}
