import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { unavailable } from './errors.ts'
import type { Log } from './log.ts'
import { destroyPool, openPool } from './postgres.ts'
import { type Answer, openProbe, type Probe } from './probe.ts'
import { type Loop, repeat } from './repeat.ts'

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

interface Held {
  url: string
  epoch: number
  pool: Pool
}

interface Holder {
  held: () => Held | undefined
  hold: (url: string, epoch: number) => void
  letGo: () => void
  close: () => Promise<void>
}

const LOOK_MS = 100
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
 * @param settings - Of every session in its pools, as `-c name=value`.
 */
export function watchPrimary(nodes: string, log: Log, settings = ''): Primary {
  const urls = nodesOf(nodes)
  const listeners: Array<(connectionString: string) => void> = []
  if (urls.length === 1) return onlyNode(urls[0] as string, log, settings)

  const holder = openHolder(log, settings, 'primary database', () => loop.nudge())
  const probes = urls.map((url) => openProbe(url, () => loop.nudge()))
  const loop = look(log, lookOnce, () => holder.held() !== undefined)
  let silences = 0

  return {
    pool: () => poolOf(holder, 'the primary database'),
    onReign(begin) {
      listeners.push(begin)
      const held = holder.held()
      if (held) begin(held.url)
    },
    close: () => closeAll(loop, probes, holder)
  }

  async function lookOnce(): Promise<void> {
    const seen = await Promise.all(probes.map(async (probe) => ({ url: probe.url, answer: await probe.ask() })))
    const [best] = seen.flatMap(({ url, answer }) => reignIn(url, answer)).toSorted((a, b) => b.epoch - a.epoch)
    const held = holder.held()
    if (best && best.epoch > (held?.epoch ?? 0)) {
      holder.hold(best.url, best.epoch)
      for (const listener of listeners) listener(best.url)
    } else if (held) {
      const answer = seen.find(({ url }) => url === held.url)?.answer
      silences = answer === 'silent' ? silences + 1 : 0
      const holds = answer === 'silent' ? silences < SILENCES_MAX : reignIn(held.url, answer).some(({ epoch }) => epoch === held.epoch)
      if (!holds) holder.letGo()
    }
  }
}

/**
 * Finds a node to read from: a standby that streams, else whichever node
 * answers. It stays with the one it has while that one is good.
 */
export function watchStandby(nodes: string, log: Log): Standby {
  const urls = nodesOf(nodes)
  if (urls.length === 1) return onlyNode(urls[0] as string, log)

  const holder = openHolder(log, '', 'database for reading', () => loop.nudge())
  const probes = urls.map((url) => openProbe(url, () => loop.nudge()))
  const loop = look(log, lookOnce, () => holder.held() !== undefined)
  let silences = 0

  return { pool: () => poolOf(holder, 'the database for reading'), close: () => closeAll(loop, probes, holder) }

  async function lookOnce(): Promise<void> {
    const seen = await Promise.all(probes.map(async (probe) => ({ url: probe.url, answer: await probe.ask() })))
    const mine = seen.find(({ url }) => url === holder.held()?.url)
    silences = mine?.answer === 'silent' ? silences + 1 : 0
    if (mine?.answer === 'silent' && silences < SILENCES_MAX) return
    const [best] = seen.toSorted((a, b) => worthOf(b.answer) - worthOf(a.answer) || Number(b === mine) - Number(a === mine))
    if (!best || worthOf(best.answer) === 0) holder.letGo()
    else if (best !== mine) holder.hold(best.url, 0)
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

function worthOf(answer: Answer | 'silent' | undefined): number {
  if (answer === undefined || answer === 'silent') return 0
  if (!answer.standby) return 2
  return answer.streaming ? 3 : 1
}

/** Holds the pool of one node at a time. The one before is destroyed, whatever is under way on it. */
function openHolder(log: Log, settings: string, what: string, onLost: () => void): Holder {
  let held: Held | undefined
  return { held: () => held, hold, letGo, close: async () => held && destroyPool(held.pool) }

  function hold(url: string, epoch: number): void {
    letGo()
    const pool = openPool(url, log, { settings })
    pool.on('connect', (client) => client.on('error', onLost))
    held = { url, epoch, pool }
    log.info({ host: new URL(url).host, epoch, what }, 'database found')
  }

  function letGo(): void {
    if (!held) return
    const { url, epoch, pool } = held
    held = undefined
    destroyPool(pool).catch((err: unknown) => log.warn({ err }, 'pool not closed'))
    log.warn({ host: new URL(url).host, epoch, what }, 'database left')
  }
}

function poolOf({ held }: Holder, what: string): Pool {
  const pool = held()?.pool
  if (!pool) throw unavailable(what)
  return pool
}

async function closeAll(loop: Loop, probes: Probe[], holder: Holder): Promise<void> {
  await loop.stop()
  await Promise.all(probes.map((probe) => probe.close()))
  await holder.close()
}

function onlyNode(url: string, log: Log, settings = ''): Primary {
  const pool = openPool(url, log, { settings })
  return { pool: () => pool, onReign: (begin) => begin(url), close: () => destroyPool(pool) }
}

/** Looks now and then while something is found, and often while nothing is. */
function look(log: Log, once: () => Promise<void>, found: () => boolean): Loop {
  return repeat(log, STEADY_MS, async () => {
    await once()
    if (found()) return 0
    await sleep(LOOK_MS)
    return 1
  })
}
