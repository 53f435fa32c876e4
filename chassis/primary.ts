import type { Pool } from 'pg'
import { unavailable } from './errors.ts'
import type { Log } from './log.ts'
import { destroyPool, openPool } from './postgres.ts'
import { type Answer, openProbe } from './probe.ts'

export interface Primary {
  /**
   * The pool of the reign in force; throws `unavailable` while there is none. Ask for
   * every transaction: at the next epoch this pool is destroyed, never drained.
   */
  pool: () => Pool
  /** Calls `begin` with the primary's address, now and at every new epoch. */
  onReign: (begin: (connectionString: string) => void) => void
  close: () => Promise<void>
}

export interface Standby {
  /** The pool of a node that streams, or of any node that answers; throws `unavailable` while none does. Ask for every read. */
  pool: () => Pool
  close: () => Promise<void>
}

interface Reign {
  url: string
  epoch: number
  pool: Pool
}

const LOOK_MS = 200
const STEADY_MS = 500
/** A node that is slow is not gone: its pool goes after this many looks without an answer. */
const SILENCES_MAX = 5

/**
 * Finds the primary among all nodes, and finds it again after each failover: the
 * node that is not in recovery and whose newest `reign` row names itself, written
 * on the timeline it is on; the highest epoch where there are two. With a single
 * node (a managed service) there is no choice, and nothing is looked up.
 *
 * @param nodes - `postgres://role:password@a:5432,b:5432,c:5432/ticketflow`
 */
export function watchPrimary(nodes: string, log: Log): Primary {
  const urls = nodesOf(nodes)
  const listeners: Array<(connectionString: string) => void> = []
  if (urls.length === 1) return onlyNode(urls[0] as string, log)

  let reign: Reign | undefined
  let silences = 0
  const probes = urls.map((url) => openProbe(url, () => loop.nudge()))
  const loop = openLoop(() => (reign ? STEADY_MS : LOOK_MS), lookOnce)

  return {
    pool() {
      if (!reign) throw unavailable('the primary database')
      return reign.pool
    },
    onReign(begin) {
      listeners.push(begin)
      if (reign) begin(reign.url)
    },
    async close() {
      await loop.stop()
      await Promise.all(probes.map((probe) => probe.close()))
      if (reign) await destroyPool(reign.pool)
    }
  }

  async function lookOnce(): Promise<void> {
    const seen = await Promise.all(probes.map(async (probe) => ({ url: probe.url, answer: await probe.ask() })))
    const [best] = seen.flatMap(({ url, answer }) => reignIn(url, answer)).toSorted((a, b) => b.epoch - a.epoch)
    if (best && (!reign || best.epoch > reign.epoch)) return begin(best.url, best.epoch)
    if (!reign) return
    const { url, epoch } = reign
    const answer = seen.find((one) => one.url === url)?.answer
    silences = answer === 'silent' ? silences + 1 : 0
    const holds = answer === 'silent' ? silences < SILENCES_MAX : reignIn(url, answer).some((found) => found.epoch === epoch)
    if (!holds) end()
  }

  function begin(url: string, epoch: number): void {
    end()
    silences = 0
    const pool = openPool(url, log)
    pool.on('connect', (client) => client.on('error', () => loop.nudge()))
    reign = { url, epoch, pool }
    log.info({ host: new URL(url).host, epoch }, 'primary found')
    for (const listener of listeners) listener(url)
  }

  function end(): void {
    if (!reign) return
    const { url, epoch, pool } = reign
    reign = undefined
    destroyPool(pool).catch((err: unknown) => log.warn({ err }, 'pool not closed'))
    log.warn({ host: new URL(url).host, epoch }, 'primary lost')
  }
}

/**
 * Finds a node to read from: a standby that streams, else whichever node
 * answers. It stays with the one it has while that one is good.
 */
export function watchStandby(nodes: string, log: Log): Standby {
  const urls = nodesOf(nodes)
  if (urls.length === 1) return onlyNode(urls[0] as string, log)

  let current: { url: string; pool: Pool } | undefined
  let silences = 0
  const probes = urls.map((url) => openProbe(url, () => loop.nudge()))
  const loop = openLoop(() => (current ? STEADY_MS : LOOK_MS), lookOnce)

  return {
    pool() {
      if (!current) throw unavailable('the database for reading')
      return current.pool
    },
    async close() {
      await loop.stop()
      await Promise.all(probes.map((probe) => probe.close()))
      if (current) await destroyPool(current.pool)
    }
  }

  async function lookOnce(): Promise<void> {
    const seen = await Promise.all(probes.map(async (probe) => ({ url: probe.url, worth: worthOf(await probe.ask()) })))
    const mine = seen.find(({ url }) => url === current?.url)
    silences = mine?.worth === 'silent' ? silences + 1 : 0
    if (mine?.worth === 'silent' && silences < SILENCES_MAX) return
    const rank = (worth: number | 'silent') => (worth === 'silent' ? 0 : worth)
    const [best] = seen.toSorted((a, b) => rank(b.worth) - rank(a.worth) || Number(b === mine) - Number(a === mine))
    const next = best && rank(best.worth) > 0 ? best.url : undefined
    if (next === current?.url) return
    if (current) destroyPool(current.pool).catch((err: unknown) => log.warn({ err }, 'pool not closed'))
    current = next === undefined ? undefined : { url: next, pool: openPool(next, log) }
    log.info({ host: next && new URL(next).host }, next ? 'reading from' : 'nobody to read from')
  }
}

/** One connection string per node. */
export function nodesOf(nodes: string): string[] {
  const [, start = '', hosts = '', end = ''] = /^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)([^/?]*)(.*)$/.exec(nodes) ?? []
  return hosts.split(',').map((host) => `${start}${host}${end}`)
}

function reignIn(url: string, answer: Answer | 'silent' | undefined): Array<{ url: string; epoch: number }> {
  if (answer === undefined || answer === 'silent' || answer.standby || answer.epoch === null) return []
  return [{ url, epoch: answer.epoch }]
}

function worthOf(answer: Answer | 'silent' | undefined): number | 'silent' {
  if (answer === undefined || answer === 'silent') return answer ?? 0
  if (!answer.standby) return 2
  return answer.streaming ? 3 : 1
}

function onlyNode(url: string, log: Log): Primary {
  const pool = openPool(url, log)
  return { pool: () => pool, onReign: (begin) => begin(url), close: () => destroyPool(pool) }
}

/** Looks again after a while, or at once when nudged; one look at a time. */
function openLoop(pauseMs: () => number, once: () => Promise<void>): { nudge: () => void; stop: () => Promise<void> } {
  let stopped = false
  let wake = () => {}
  let nudged = false
  const done = run()
  return {
    nudge() {
      nudged = true
      wake()
    },
    stop() {
      stopped = true
      wake()
      return done
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      nudged = false
      await once()
      if (nudged || stopped) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs())
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}
