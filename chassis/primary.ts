import type { Pool } from 'pg'
import { unavailable } from './errors.ts'
import type { Log } from './log.ts'
import { destroyPool, openPool } from './postgres.ts'
import type { Said } from './probe.ts'
import { type Seen, type Watch, watchNodes } from './watch-nodes.ts'

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

/** A node that is slow is not gone: while there is nothing better, its pool is kept for so long without an answer. */
const SILENT_MS_MAX = 3_000
const READ_ONLY = '25006'

/**
 * Finds the primary among all nodes, and finds it again after each failover: the
 * node that is not in recovery and whose newest `reign` row names itself, written
 * on the timeline it is on; the highest epoch where there are two. A newer reign
 * counts as soon as its own node says so, whatever becomes of the others. With a
 * single node (a managed service) there is no choice, and nothing is looked up.
 *
 * @param nodes - `postgres://role:password@a:5432,b:5432,c:5432/ticketflow`
 * @param settings - Of every session in its pools, as `-c name=value`.
 */
export function watchPrimary(nodes: string, log: Log, settings = ''): Primary {
  const urls = nodesOf(nodes)
  if (urls.length === 1) return onlyNode(urls[0] as string, log, settings)

  const listeners: Array<(connectionString: string) => void> = []
  let newest = 0 // of an earlier reign nothing would be acknowledged any more
  const holder = openHolder(log, settings, 'primary database', (err) => onTrouble(err))
  const watch = watchNodes(urls, log, choose, () => holder.held() !== undefined)

  return {
    pool: () => poolOf(holder, 'the primary database'),
    onReign(begin) {
      listeners.push(begin)
      const held = holder.held()
      if (held) begin(held.url)
    },
    close: () => closeBoth(watch, holder)
  }

  function choose(seen: readonly Seen[]): void {
    const [best] = seen.flatMap(reignsOf).toSorted((a, b) => b.epoch - a.epoch)
    const held = holder.held()
    if (best && best.epoch >= newest && best.epoch > (held?.epoch ?? 0)) {
      newest = best.epoch
      holder.hold(best.url, best.epoch)
      for (const listener of listeners) listener(best.url)
    } else if (held && !isKept(held, seen)) holder.letGo()
  }

  function onTrouble(err: unknown): void {
    const held = holder.held()
    if (held && (err as { code?: string }).code === READ_ONLY) {
      holder.letGo()
      watch.forget(held.url)
    } else watch.alarm()
  }
}

/** A primary that says nothing is kept for a while: a newer reign would have been chosen before it. */
function isKept({ url, epoch }: Held, seen: readonly Seen[]): boolean {
  const node = seen.find((one) => one.url === url)!
  if (node.said === undefined || node.said === 'silent') return node.silentMs < SILENT_MS_MAX
  return reignsOf(node).some((reign) => reign.epoch === epoch)
}

/**
 * Finds a node to read from: a standby that streams, else whichever node
 * answers. It stays with the one it has while none is better, and leaves one
 * that says nothing for one that answers.
 */
export function watchStandby(nodes: string, log: Log): Standby {
  const urls = nodesOf(nodes)
  if (urls.length === 1) return onlyNode(urls[0] as string, log)

  const holder = openHolder(log, '', 'database for reading', () => watch.alarm())
  const watch = watchNodes(urls, log, choose, () => holder.held() !== undefined)

  return { pool: () => poolOf(holder, 'the database for reading'), close: () => closeBoth(watch, holder) }

  function choose(seen: readonly Seen[]): void {
    const mine = seen.find(({ url }) => url === holder.held()?.url)
    const best = seen.toSorted((a, b) => worthOf(b.said) - worthOf(a.said))[0]!
    if (worthOf(best.said) > worthOf(mine?.said)) holder.hold(best.url, 0)
    else if (mine && worthOf(mine.said) === 0 && (mine.said === 'gone' || mine.silentMs > SILENT_MS_MAX)) holder.letGo()
  }
}

/** One connection string per node. */
export function nodesOf(nodes: string): string[] {
  const [, start = '', hosts = '', end = ''] = /^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)([^/?]*)(.*)$/.exec(nodes) ?? []
  return hosts.split(',').map((host) => `${start}${host}${end}`)
}

function reignsOf({ url, said }: Seen): Array<{ url: string; epoch: number }> {
  if (said === undefined || said === 'silent' || said === 'gone' || said.standby || said.epoch === null) return []
  return [{ url, epoch: said.epoch }]
}

function worthOf(said: Said | undefined): number {
  if (said === undefined || said === 'silent' || said === 'gone') return 0
  if (!said.standby) return 2
  return said.streaming ? 3 : 1
}

/** Holds the pool of one node at a time. The one before is destroyed, whatever is under way on it. */
function openHolder(log: Log, settings: string, what: string, onTrouble: (err: unknown) => void): Holder {
  let held: Held | undefined
  return { held: () => held, hold, letGo, close: async () => held && destroyPool(held.pool) }

  function hold(url: string, epoch: number): void {
    letGo()
    const pool = openPool(url, log, { settings, onTrouble: (err) => held?.pool === pool && onTrouble(err) })
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

async function closeBoth(watch: Watch, holder: Holder): Promise<void> {
  await watch.close()
  await holder.close()
}

function onlyNode(url: string, log: Log, settings = ''): Primary {
  const pool = openPool(url, log, { settings })
  return { pool: () => pool, onReign: (begin) => begin(url), close: () => destroyPool(pool) }
}
