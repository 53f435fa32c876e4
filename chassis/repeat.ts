import { setTimeout as sleep } from 'node:timers/promises'
import { isUnavailable } from './errors.ts'
import type { Log } from './log.ts'

export interface Loop {
  /** Look again now: there may be work. Safe to call at any time, any number of times. */
  nudge: () => void
  /** Resolves when the pass in progress has ended. */
  stop: () => Promise<void>
}

/**
 * Runs `once` until stopped, at its own pace: again at once while it moves
 * something, after `idleMs` when it moves nothing or fails.
 *
 * @param once - One bounded pass. Returns how many things it moved.
 */
export function repeat(log: Log, idleMs: number, once: () => Promise<number>): Loop {
  const stopping = new AbortController()
  let nap = new AbortController()

  const nudge = () => nap.abort()
  const done = run()
  return {
    nudge,
    stop: () => {
      stopping.abort()
      nudge()
      return done
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      nap = new AbortController() // made before the pass, so a nudge during it is not lost
      const moved = await once().catch((err: unknown) => {
        if (isUnavailable(err)) log.warn({ err }, 'pass put off')
        else log.error({ err }, 'pass failed')
        return 0
      })
      if (moved === 0) await sleep(idleMs, undefined, { signal: nap.signal }).catch(() => {})
    }
  }
}
