import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../chassis/log.ts'
import { alike } from './command-line.ts'
import type { Layout } from './layout.ts'
import { readLineage } from './lineage.ts'
import { findServer, isRunning, killServer, lastError, type Running, startServer, stopServer } from './process.ts'
import { visit } from './visit.ts'

export interface Server {
  /** Adopts the running server, or starts it and waits a while until it answers. Returns its process id. */
  ensure: () => Promise<number>
  stop: (msMax: number) => Promise<void>
  /** Ends it at once: nothing more is acknowledged, or told to anybody. */
  kill: () => Promise<void>
  /** Starts in a row that ended before the server had answered, and what the last one said. */
  failed: () => { starts: number; words: string }
  forgive: () => void
}

const START_MS_MAX = 20_000
const LOOK_MS = 50
const PAUSE_MS_MAX = 5_000

/** The one mariadbd of a data directory. It outlives the agent; an agent that comes back takes over what runs, unless its settings have changed. */
export function openServer(layout: Layout, args: string[], log: Log, signal: AbortSignal, onEnd: () => void): Server {
  let running: Running | undefined
  let starts = 0
  let words = ''

  return {
    ensure,
    async stop(msMax) {
      const found = await findServer(layout.data)
      if (found) await stopServer(found, msMax)
      running = undefined
    },
    async kill() {
      const found = await findServer(layout.data)
      if (found) await killServer(found)
      running = undefined
    },
    failed: () => ({ starts, words }),
    forgive: () => {
      starts = 0
    }
  }

  async function ensure(): Promise<number> {
    if (running && (await isRunning(running))) return running.pid
    running = await adopt()
    if (running) return running.pid
    if (starts > 0) await sleep(Math.min(PAUSE_MS_MAX, 200 * 2 ** starts), undefined, { signal })
    starts++
    running = await startServer(args, layout.log, onEnd)
    log.info({ pid: running.pid }, 'mariadbd started')
    words = (await untilItAnswers(layout, running, signal)) ?? ''
    if (words) throw new Error(`mariadbd does not start: ${words}`)
    return running.pid
  }

  async function adopt(): Promise<Running | undefined> {
    const found = await findServer(layout.data)
    if (!found) return undefined
    if (alike(found.args, args)) {
      log.info({ pid: found.pid }, 'mariadbd adopted')
      return found
    }
    log.info({ pid: found.pid }, 'mariadbd runs with other settings')
    await stopServer(found, START_MS_MAX)
    return undefined
  }
}

/**
 * A recovery may take longer than this: then later passes ask again.
 *
 * @returns What it said when it ended instead.
 */
async function untilItAnswers(layout: Layout, server: Running, signal: AbortSignal): Promise<string | undefined> {
  for (const deadline = performance.now() + START_MS_MAX; performance.now() < deadline; await sleep(LOOK_MS, undefined, { signal })) {
    if (await visit(layout.socket, readLineage).then(() => true, () => false)) return undefined // biome-ignore format: one thought
    if (!(await isRunning(server))) return (await lastError(layout.log)) ?? 'it says nothing'
  }
}
