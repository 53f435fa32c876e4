import pg from 'pg'
import type { Pulse } from './failover-decision.ts'

const BEAT_MS = 100
const CONNECT_MS_MAX = 500
/** A commit that is waited for is not given up: that would end nothing there. After this, another connection finds out how things are. */
const STUCK_MS = 10_000
const WAITING_MAX = 3

export interface Pulses {
  /** What is known of one node now. To be called once in every pass: a pass that came late counts as one of ordinary length. */
  take: (node: string) => Pulse
  close: () => void
}

/**
 * Commits on every node that reigns, again and again, over a connection kept for
 * that: a primary that answers questions may be unable to commit.
 *
 * @param nodes - The address of each node, role control.
 * @param passMs - How far apart passes are when nothing is late.
 */
export function openPulses(nodes: Array<{ node: string; url: string }>, passMs: number): Pulses {
  const pulses = new Map(nodes.map(({ node, url }) => [node, openPulse(url, passMs)]))
  return {
    take: (node) => pulses.get(node)!.take(),
    close() {
      for (const pulse of pulses.values()) pulse.close()
    }
  }
}

function openPulse(url: string, passMs: number): { take: () => Pulse; close: () => void } {
  let client: pg.Client | undefined
  let askedMs: number | undefined
  let takenMs = performance.now()
  let silentMs = 0
  let epoch: number | null = null
  let refused = false
  const timer = setInterval(() => void beat(), BEAT_MS)

  return {
    take() {
      const nowMs = performance.now()
      silentMs += Math.min(nowMs - takenMs, 2 * passMs)
      takenMs = nowMs
      return { epoch, silentMs, refused }
    },
    close() {
      clearInterval(timer)
      leave()
    }
  }

  async function beat(): Promise<void> {
    const nowMs = performance.now()
    if (askedMs !== undefined && nowMs - askedMs < STUCK_MS) return
    if (askedMs !== undefined) leave()
    askedMs = nowMs
    const mine = nowMs
    try {
      client ??= await connect()
      const reign = await commitOn(client)
      if (askedMs !== mine) return
      epoch = reign
      if (reign !== null) silentMs = 0
    } catch {
      if (askedMs === mine) leave()
    }
    if (askedMs === mine) askedMs = undefined
  }

  async function connect(): Promise<pg.Client> {
    const opened = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS_MAX,
      keepAlive: true,
      application_name: 'pulse'
    })
    opened.on('error', () => {}) // the next beat finds out
    await opened.connect().then(
      () => {
        refused = false
      },
      (err: NodeJS.ErrnoException) => {
        refused = err.code === 'ECONNREFUSED'
        opened.end().catch(() => {})
        throw err
      }
    )
    return opened
  }

  /** Its server may be frozen: nothing is awaited. */
  function leave(): void {
    client?.end().catch(() => {})
    client = undefined
  }
}

/** @returns The reign in which something was committed; null on a node that leads none. */
async function commitOn(client: pg.Client): Promise<number | null> {
  const { rows } = await client.query<{ epoch: number | null; waiting: number }>({ name: 'reign', text: REIGN })
  const { epoch, waiting } = rows[0]!
  if (epoch === null) return null
  if (waiting > WAITING_MAX) throw new Error('enough commits are waited for there')
  await client.query({ name: 'beat', text: "select pg_logical_emit_message(true, 'pulse', '')" })
  return epoch
}

/** The row must have been written on the timeline of now: one of an earlier reign of the same node proves nothing. */
const REIGN = `
  select case when pg_is_in_recovery() then null else (
           select newest.epoch::float8
           from (select epoch, node, timeline from public.reign order by epoch desc limit 1) newest
           where newest.node = current_setting('cluster_name')
             and newest.timeline = ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer
         ) end as epoch,
         (select count(*)::integer from pg_stat_activity where application_name = 'pulse' and wait_event = 'SyncRep') as waiting`
