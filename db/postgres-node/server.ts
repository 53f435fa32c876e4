import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../chassis/log.ts'
import type { Config } from './config.ts'
import { launch } from './launch.ts'
import { killAll, postmasterOf, processesCalled, processesIn, signal, worksIn } from './processes.ts'
import { writeUpstream } from './settings.ts'
import type { User } from './user.ts'

const LOOK_MS = 20
const DETACH_MS_MAX = 2_000 // a receiver that is well goes at once
const RELOAD_MS_MAX = 10_000
const STOP_MS_MAX = 3_500 // then it is killed: what was acknowledged is flushed anyway
/** So many looks in a row find no receiver: one may still be launched by who has not read yet that there is nobody to follow. */
const QUIET_LOOKS = 4
const DETACH_LOOK_MS = 15

/** The one PostgreSQL of this node. It outlives the agent; the next agent adopts it. */
export interface Server {
  /** On which data it runs now, if it does. */
  directory: () => string | undefined
  /** Starts a standby that follows nobody, on these data. Whoever worked on them before is killed first. */
  start: (directory: string) => Promise<void>
  /** Takes over what a former agent started. @returns Whether there was something. */
  adopt: (directory: string) => boolean
  /** Ends it in order, and by force after a while. */
  stop: () => Promise<void>
  /** Ends it in order, and starts none any more. */
  close: () => Promise<void>
  /** Ends it now, and returns when no process of it is left. */
  kill: () => Promise<void>
  /** Follows, from now on; needs no restart. */
  attach: (node: string, as: string) => Promise<void>
  /** Follows nobody, and returns when the process that received is gone. @returns Whether it went. */
  detach: () => Promise<boolean>
  /** Whether a process receives, or is about to. */
  receives: () => boolean
}

interface Running {
  directory: string
  pid: number
}

/**
 * @param onExit - It ended and nobody had asked for that.
 */
export function openServer(config: Config, user: User, log: Log, onExit: (directory: string) => void): Server {
  let running: Running | undefined
  let closed = false

  return {
    directory: () => (running && worksIn(running.pid, running.directory) ? running.directory : undefined),
    start,
    adopt,
    stop,
    close() {
      closed = true
      return stop()
    },
    kill,
    async attach(node, as) {
      writeUpstream(config, user, { node, as })
      await reload()
    },
    detach,
    receives: () => running !== undefined && processesCalled('walreceiver', running.directory).length > 0
  }

  async function start(directory: string): Promise<void> {
    await killAll(() => processesIn(directory))
    if (closed) throw new Error('the agent is ending')
    const child = launch(config, user, directory)
    child.on('error', (err) => log.error({ err }, 'postgres was not started'))
    if (child.pid !== undefined) watch({ directory, pid: child.pid })
    child.on('exit', (code, by) => log.info({ code, by, directory }, 'postgres ended'))
  }

  function adopt(directory: string): boolean {
    const pid = postmasterOf(directory)
    if (pid !== undefined) watch({ directory, pid })
    return pid !== undefined
  }

  /** One way of noticing the end of a child and of an adopted one: neither is there any more. */
  function watch(started: Running): void {
    running = started
    const timer = setInterval(() => {
      if (running !== started) return clearInterval(timer)
      if (worksIn(started.pid, started.directory)) return
      clearInterval(timer)
      running = undefined
      onExit(started.directory)
    }, LOOK_MS)
  }

  async function stop(): Promise<void> {
    if (!running) return
    const { pid } = running
    signal(pid, 'SIGINT')
    const deadline = performance.now() + STOP_MS_MAX
    const { directory } = running
    running = undefined
    while (processesIn(directory).length > 0 && performance.now() < deadline) await sleep(LOOK_MS)
    await killAll(() => processesIn(directory))
  }

  async function kill(): Promise<void> {
    if (!running) return
    const { directory, pid } = running
    running = undefined
    signal(pid, 'SIGKILL') // the postmaster first: it would start children anew
    await killAll(() => processesIn(directory))
  }

  /** Before its lock file is there a postmaster has no ear for this signal yet, and dies of it. */
  async function reload(): Promise<void> {
    const started = running
    const deadline = performance.now() + RELOAD_MS_MAX
    while (started && running === started && postmasterOf(started.directory) === undefined) {
      if (performance.now() > deadline) throw new Error('PostgreSQL does not come to be reloaded')
      await sleep(LOOK_MS)
    }
    if (started && running === started) signal(started.pid, 'SIGHUP')
  }

  async function detach(): Promise<boolean> {
    if (!running) return false
    const { directory } = running
    writeUpstream(config, user, null)
    await reload()
    const deadline = performance.now() + DETACH_MS_MAX
    for (let quiet = 0; quiet < QUIET_LOOKS; ) {
      if (performance.now() > deadline) return false
      const receivers = processesCalled('walreceiver', directory)
      for (const pid of receivers) signal(pid, 'SIGTERM')
      quiet = receivers.length > 0 ? 0 : quiet + 1
      await sleep(DETACH_LOOK_MS)
    }
    return true
  }
}
