import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { nodesOf } from '../chassis/primary.ts'
import type { Instance } from '../cluster/instance.ts'
import { machineMs } from './clock.ts'

const ANSWER_MS_MAX = 3_000
const LOOK_MS = 60
/** Longer than any standby takes to answer. */
const APART_MS = 400

interface Progress {
  atMs: number
  written: number
  acknowledged: number | null
}

/** A look at a primary from here, whom nobody is cut off from; opened while all is well. */
export interface Replication {
  /**
   * Whether the primary writes and no standby's word reaches it: what it wrote
   * grows, what a second node is known to have does not. Looked for until the
   * primary is gone, because nobody may wait for long to end its reign.
   */
  stopsWithin: (msMax: number) => Promise<boolean>
}

export async function watchReplication({ postgresUrls }: Instance, node: string): Promise<Replication> {
  const connectionString = nodesOf(postgresUrls.owner)[Number(node.slice(2)) - 1]!
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: ANSWER_MS_MAX, query_timeout: ANSWER_MS_MAX })
  client.on('error', () => {}) // its next look says it
  await client.connect()
  await client.query('set synchronous_commit = local') // what nobody waits for is written all the same

  return {
    async stopsWithin(msMax) {
      const looks: Progress[] = []
      const deadline = machineMs() + msMax
      try {
        while (machineMs() < deadline && !hasStopped(looks)) {
          looks.push(await look(client))
          await sleep(LOOK_MS)
        }
      } catch {
        // it is gone: what was seen until then counts
      }
      client.end().catch(() => {})
      return hasStopped(looks)
    }
  }
}

function hasStopped(looks: Progress[]): boolean {
  return looks.some((early) =>
    looks.some(
      (late) =>
        late.atMs - early.atMs >= APART_MS &&
        late.written > early.written &&
        late.acknowledged !== null && // when nobody follows any more, the failover may have told them to
        late.acknowledged === early.acknowledged
    )
  )
}

async function look(client: pg.Client): Promise<Progress> {
  await client.query("select pg_logical_emit_message(true, 'chaos', 'x')")
  const { rows } = await client.query<Omit<Progress, 'atMs'>>(
    `select (pg_current_wal_lsn() - '0/0')::float8 as written,
            (select (max(flush_lsn) - '0/0')::float8 from pg_stat_replication) as acknowledged`
  )
  return { atMs: machineMs(), ...rows[0]! }
}
