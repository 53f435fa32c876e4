import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { nodesOf } from '../chassis/primary.ts'
import type { Instance } from '../cluster/instance.ts'

const ANSWER_MS_MAX = 1_000
const APART_MS = 700

interface Progress {
  written: number
  acknowledged: number | null
}

/**
 * Whether a primary writes and no standby's word reaches it: what it wrote grows,
 * what a second node is known to have does not. Asked from here, whom nobody is cut off from.
 */
export async function replicationStopped(instance: Instance, node: string): Promise<boolean> {
  const before = await progressOf(instance, node)
  await sleep(APART_MS)
  const after = await progressOf(instance, node)
  if (after.acknowledged === null) return true
  return after.written > before.written && after.acknowledged === before.acknowledged
}

async function progressOf({ postgresUrls }: Instance, node: string): Promise<Progress> {
  const client = new pg.Client({
    connectionString: urlOfNode(postgresUrls.owner, node),
    connectionTimeoutMillis: ANSWER_MS_MAX,
    query_timeout: ANSWER_MS_MAX
  })
  client.on('error', () => {}) // the query says it
  try {
    await client.connect()
    // what nobody waits for: a primary whose standbys are gone writes it all the same
    await client.query("begin; set local synchronous_commit = 'local'; select pg_logical_emit_message(true, 'chaos', 'x'); commit")
    const { rows } = await client.query<Progress>(
      `select (pg_current_wal_lsn() - '0/0')::float8 as written,
              (select (max(flush_lsn) - '0/0')::float8 from pg_stat_replication) as acknowledged`
    )
    return rows[0]!
  } finally {
    await client.end().catch(() => {})
  }
}

function urlOfNode(nodes: string, node: string): string {
  return nodesOf(nodes)[Number(node.slice(2)) - 1]!
}
