import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Component } from '../topology.ts'
import { ailment } from './health.ts'

/** `waiting` for others, `starting`, `healthy`, `ailing` (it runs and cannot do its work), `restarting` after a death, `done` (a job), `stopped` by a person. */
export type State = 'waiting' | 'starting' | 'healthy' | 'ailing' | 'restarting' | 'done' | 'stopped'

export interface Status {
  name: string
  state: State
  pid: number | null
  address: string
  restarts: number
  /** What keeps it from being healthy. */
  missing?: string
}

export interface Supervised {
  component: Component
  status: () => Status
  /** Lets it run, and run again whenever it dies. Does nothing when it runs. */
  start: () => void
  /** Ends it for good. Resolves when its process and everything it started are gone. */
  stop: () => Promise<void>
}

const LOOK_MS_WHEN_STARTING = 120
const LOOK_MS_WHEN_HEALTHY = 2_000
const BACKOFF_MS_MIN = 250
const BACKOFF_MS_MAX = 10_000
/** Who has lived this long starts again at once, as if it had never died. */
const SETTLED_MS = 30_000

/**
 * One component under supervision.
 *
 * @param ready - Resolves when everything it waits for is there.
 * @param spawnIt - Starts its process. Called again after each death, with growing pauses.
 * @param clean - Ends whatever of it is left.
 * @param changed - Called at every change of state.
 */
export function supervised(
  component: Component,
  ready: (signal: AbortSignal) => Promise<void>,
  spawnIt: () => ChildProcess,
  clean: () => Promise<unknown>,
  changed: (status: Status) => void
): Supervised {
  let state: State = 'stopped'
  let missing: string | undefined
  let child: ChildProcess | undefined
  let restarts = 0
  let stopping = new AbortController()
  let living: Promise<void> = Promise.resolve()

  return { component, status, start, stop }

  function status(): Status {
    const { name, address, port } = component
    return { name, state, pid: child?.pid ?? null, address: `${address}:${port}`, restarts, ...(missing ? { missing } : {}) }
  }

  function become(next: State, lack?: string): void {
    if (next === state && lack === missing) return
    state = next
    missing = lack
    changed(status())
  }

  function start(): void {
    if (state !== 'stopped') return
    stopping = new AbortController()
    become('waiting')
    living = live(stopping.signal)
  }

  async function stop(): Promise<void> {
    stopping.abort()
    await living
    await clean()
    become('stopped')
  }

  async function live(stopped: AbortSignal): Promise<void> {
    let deaths = 0
    while (!stopped.aborted) {
      await ready(stopped).catch(() => {})
      if (stopped.aborted) return
      const bornMs = performance.now()
      const how = await oneLife(stopped)
      if (stopped.aborted) return
      if (component.health === 'ends' && how === 'code 0') return become('done')
      deaths = performance.now() - bornMs > SETTLED_MS ? 1 : deaths + 1
      restarts++
      become('restarting', `ended with ${how}`)
      if ('server' in component.run) await clean() // a wrapper may have died before its server
      await sleep(Math.min(BACKOFF_MS_MIN * 2 ** (deaths - 1), BACKOFF_MS_MAX), undefined, { signal: stopped }).catch(() => {})
    }
  }

  async function oneLife(stopped: AbortSignal): Promise<string> {
    child = spawnIt()
    become('starting')
    const over = new AbortController()
    const ended = new Promise<string>((resolve) => {
      child!.once('error', (err) => resolve(err.message))
      child!.once('exit', (code, signal) => resolve(signal ?? `code ${code}`))
    })
    const end = () => terminate(child!, ended, component.stopMsMax)
    stopped.addEventListener('abort', end, { once: true })
    stopped.addEventListener('abort', () => over.abort(), { once: true }) // what is being stopped is not ailing
    watch(over.signal)
    const how = await ended
    over.abort()
    stopped.removeEventListener('abort', end)
    child = undefined
    return how
  }

  async function watch(over: AbortSignal): Promise<void> {
    if (component.health === 'ends') return
    while (!over.aborted) {
      const lack = await ailment(component)
      if (over.aborted) return
      if (!lack) become('healthy')
      else become(state === 'starting' ? 'starting' : 'ailing', lack)
      await sleep(lack ? LOOK_MS_WHEN_STARTING : LOOK_MS_WHEN_HEALTHY, undefined, { signal: over }).catch(() => {})
    }
  }
}

/** Asks the process to end, and ends its whole group when it does not. */
async function terminate(child: ChildProcess, ended: Promise<string>, msMax: number): Promise<void> {
  child.kill('SIGTERM')
  child.kill('SIGCONT') // one that is frozen could not hear it
  const enough = new AbortController()
  const late = sleep(msMax, 'late', { signal: enough.signal }).catch(() => 'in time')
  if ((await Promise.race([ended, late])) !== 'late') return enough.abort()
  try {
    process.kill(-child.pid!, 'SIGKILL')
  } catch {
    // gone meanwhile
  }
}
