import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../instance.ts'
import { type Kind, TIERS } from '../rules.ts'
import { type Component, type Ground, named } from '../topology.ts'
import { type Footing, launch } from './launch.ts'
import { lastLines, limitLogs, logPath, withLog } from './logs.ts'
import { type Status, type Supervised, supervised } from './supervised.ts'
import { endAll } from './sweep.ts'

export interface Supervisor {
  statuses: () => Status[]
  /** Starts these, or everything, and resolves when all of them are healthy. */
  start: (names: string[], say: (text: string) => void) => Promise<void>
  /** Stops these; they stay stopped until they are started by name. */
  stop: (names: string[]) => Promise<void>
  /** Stops everything, from the door inwards, databases last. */
  end: () => Promise<void>
}

/** One that has died so often without being healthy once will not come up by itself. */
const DEATHS_MAX = 6
const READY_MS_MAX = 150_000
const LINES_TOLD = 8
const LEASH_PAUSE_MS = 200

/** Who stops before whom: nobody loses what it is writing to, and a failover sees no database go. */
const STOP_ORDER: Array<Array<(typeof TIERS)[Kind]>> = [
  ['edge', 'pages'],
  ['coordination', 'selling', 'reading', 'issuing', 'world', 'schema'],
  ['seats', 'papers', 'queues']
]

/** Runs the components of an instance until told to end them. When this process dies, they die. */
export async function supervise(components: Component[], ground: Ground, footing: Footing = 'firm'): Promise<Supervisor> {
  const news = new EventEmitter<{ change: [Status] }>().setMaxListeners(0)
  const stopLimits = await limitLogs(ground.directory)
  const letGo = holdLeash(ground.directory)
  const all = components.map((component) =>
    supervised(
      component,
      (signal) => allHealthy(component.after, signal),
      () => launch(component, components, ground, footing),
      () => endAll(ground.directory, component.name),
      (status) => {
        record(status)
        news.emit('change', status)
      }
    )
  )
  return { statuses: () => all.map((one) => one.status()), start, stop, end }

  async function start(names: string[], say: (text: string) => void): Promise<void> {
    const chosen = names.length > 0 ? chosenOf(names) : all
    const beganMs = performance.now()
    const tell = ({ name, state, missing }: Status) => {
      const seconds = ((performance.now() - beganMs) / 1000).toFixed(1).padStart(5)
      if (state === 'healthy' || state === 'done') say(`${seconds} s  ${name}${state === 'done' ? ' (done)' : ''}`)
      if (state === 'restarting') say(`${seconds} s  ${name} ${missing}; trying again`)
    }
    news.on('change', tell)
    try {
      for (const one of chosen) one.start()
      await Promise.race([allHealthy(chosen.map(({ component }) => component.name)), failureAmong(chosen)])
    } finally {
      news.off('change', tell)
    }
  }

  async function stop(names: string[]): Promise<void> {
    await Promise.all(chosenOf(names).map((one) => one.stop()))
  }

  async function end(): Promise<void> {
    for (const tiers of STOP_ORDER) {
      await Promise.all(all.filter(({ component }) => tiers.includes(TIERS[component.kind])).map((one) => one.stop()))
    }
    stopLimits()
    letGo()
    await endAll(ground.directory)
  }

  function record({ name, state, pid, missing }: Status): void {
    appendFileSync(
      logPath(ground.directory, 'changes'),
      `${new Date().toISOString()} ${name} ${state}${pid ? ` ${pid}` : ''}${missing ? `: ${missing}` : ''}\n`
    )
  }

  function chosenOf(names: string[]): Supervised[] {
    const chosen = named(components, names)
    return all.filter(({ component }) => chosen.includes(component))
  }

  async function allHealthy(names: string[], signal?: AbortSignal): Promise<void> {
    const wanted = all.filter(({ component }) => names.includes(component.name))
    const isThere = (one: Supervised) => ['healthy', 'done'].includes(one.status().state)
    while (!wanted.every(isThere)) await once(news, 'change', signal ? { signal } : {})
  }

  /** Rejects when one of them will not come up; never resolves. */
  async function failureAmong(chosen: Supervised[]): Promise<never> {
    const late = AbortSignal.timeout(READY_MS_MAX)
    for (;;) {
      const lost = chosen.find((one) => one.status().restarts >= DEATHS_MAX && one.status().state === 'restarting')
      if (lost) throw new Error(await obituary(lost.status()))
      await once(news, 'change', { signal: late }).catch(() => {})
      if (late.aborted) throw new Error(await slowOnes(chosen))
    }
  }

  async function obituary({ name, missing }: Status): Promise<string> {
    const lines = await lastLines(ground.directory, name, LINES_TOLD)
    return [`${name} does not come up (${missing}). The end of its log:`, ...lines.map((line) => `  ${line}`)].join('\n')
  }

  async function slowOnes(chosen: Supervised[]): Promise<string> {
    const slow = chosen.map((one) => one.status()).filter(({ state }) => state !== 'healthy' && state !== 'done')
    return [`not ready after ${READY_MS_MAX / 1000} s:`, ...slow.map(({ name, state, missing }) => `  ${name}: ${missing ?? state}`)].join(
      '\n'
    )
  }
}

/** Keeps a process beside us that ends the instance when we are gone. */
function holdLeash(directory: string): () => void {
  let leash: ChildProcess
  let held = true
  hold()
  return () => {
    held = false
    leash.stdin?.end('done')
  }

  function hold(): void {
    leash = withLog(directory, 'leash', (fd) =>
      spawn(process.execPath, [join(ROOT, 'cluster/driver/leash.ts'), directory], { detached: true, stdio: ['pipe', fd, fd], env: {} })
    )
    leash.stdin?.on('error', () => {})
    leash.once('exit', () => setTimeout(() => held && hold(), LEASH_PAUSE_MS).unref())
    leash.unref()
  }
}
