import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { nodesOf } from '../chassis/primary.ts'
import type { Instance } from '../cluster/instance.ts'
import { machineMs } from './clock.ts'
import { readSold, type Sold } from './sold.ts'
import type { Watch } from './watch.ts'

const ANSWER_MS_MAX = 10_000
const CATCH_UP_MS_MAX = 30_000
const LOOK_MS = 200

/** What one node has. */
export interface Copy {
  node: string
  sold: Sold
}

/**
 * What each PostgreSQL node has, also one that reigned and was made a standby:
 * all that the primary had when this was asked.
 *
 * @throws Error when a node does not get so far.
 */
export async function readCopies({ postgresUrls }: Instance, query: Watch['query']): Promise<Copy[]> {
  const written = await query(writtenBy)
  const urls = nodesOf(postgresUrls.owner)
  return Promise.all(urls.map(async (url, index) => ({ node: `pg${index + 1}`, sold: await readCopy(url, written) })))
}

async function readCopy(connectionString: string, written: string): Promise<Sold> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: ANSWER_MS_MAX, query_timeout: ANSWER_MS_MAX })
  client.on('error', () => {}) // its next question says it
  try {
    await client.connect()
    for (const deadline = machineMs() + CATCH_UP_MS_MAX; !(await hasAllOf(client, written)); await sleep(LOOK_MS)) {
      if (machineMs() > deadline) throw new Error(`${client.host} is behind ${written}`)
    }
    return await readSold(client as unknown as pg.PoolClient)
  } finally {
    await client.end().catch(() => {})
  }
}

async function writtenBy(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn')
  return rows[0]!.lsn
}

async function hasAllOf(client: pg.Client, written: string): Promise<boolean> {
  const { rows } = await client.query<{ has: boolean }>(
    'select not pg_is_in_recovery() or coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) as has',
    [written]
  )
  return rows[0]!.has
}
