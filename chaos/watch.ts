import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { createLog } from '../chassis/log.ts'
import { watchPrimary } from '../chassis/primary.ts'
import type { Instance } from '../cluster/instance.ts'
import type { Faults } from './faults.ts'
import { readSold, type Sold } from './sold.ts'

const ANSWER_MS_MAX = 2_000
const FIND_MS_MAX = 15_000
const LOOK_AGAIN_MS = 50

/** What the failover process tells everybody. */
export interface View {
  ready: boolean
  says: string
  loud?: boolean
  leader?: string
  epoch?: number
  streaming: string[]
}

export interface Watch {
  view: () => Promise<View | undefined>
  /** @returns What keeps the cluster from being as it was before any fault; nothing when it is. */
  missing: () => Promise<string[]>
  /** Something the primary says. */
  query: <T>(ask: (client: PoolClient) => Promise<T>) => Promise<T>
  sold: () => Promise<Sold>
  close: () => Promise<void>
}

export async function openWatch({ postgresUrls }: Instance, { statuses }: Faults): Promise<Watch> {
  const primary = watchPrimary(postgresUrls.owner, createLog('chaos', 'fatal'))
  const known = await statuses()
  const failoverUrl = `http://${known.find(({ name }) => name === 'failover')!.address}/readyz`
  const nodes = known.filter(({ name }) => /^pg\d$/.test(name)).length

  return { view, missing, query, sold: () => query(readSold), close: () => primary.close() }

  async function view(): Promise<View | undefined> {
    try {
      return (await (await fetch(failoverUrl, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })).json()) as View
    } catch {
      return undefined
    }
  }

  async function missing(): Promise<string[]> {
    const seen = await view()
    const ailing = (await statuses()).filter(({ state }) => state !== 'healthy' && state !== 'done' && state !== 'stopped')
    const lacks = ailing.map(({ name, state, missing }) => `${name}: ${missing ?? state}`)
    if (!seen?.ready) return [`postgres: ${seen?.says ?? 'the failover does not answer'}`, ...lacks]
    if (seen.streaming.length < nodes - 1) return [`postgres: only ${seen.streaming.join() || 'nobody'} follows ${seen.leader}`, ...lacks]
    if (lacks.length > 0) return lacks
    const waiting = await query(unpublished).catch((err: Error) => err.message)
    return waiting === 0 ? [] : [`outbox: ${waiting}`]
  }

  /** The primary is looked for, and the question is asked again when it went away meanwhile. */
  async function query<T>(ask: (client: PoolClient) => Promise<T>): Promise<T> {
    const deadline = performance.now() + FIND_MS_MAX
    for (;;) {
      let client: PoolClient | undefined
      try {
        client = await primary.pool().connect()
        const answer = await ask(client)
        client.release()
        return answer
      } catch (err) {
        client?.release(true)
        if (performance.now() > deadline) throw err
        await sleep(LOOK_AGAIN_MS)
      }
    }
  }
}

/** What was committed a while ago: something is always on its way. */
export async function unpublished(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::integer as count from selling.outbox
     where published_at is null and time < clock_timestamp() - interval '3 s'`
  )
  return rows[0]!.count
}
