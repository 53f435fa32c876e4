import pg from 'pg'
import { addressOf } from './config.ts'
import type { Node } from './node.ts'

const ANSWER_MS_MAX = 1_000

/**
 * How far the primary has flushed, in bytes of WAL, by its own word: over the
 * network and as who copies and follows.
 *
 * @throws Error when it does not answer in time, or is no primary.
 */
export async function flushedBy({ config, passwords }: Node, leader: string): Promise<number> {
  const client = new pg.Client({
    host: addressOf(config, leader),
    port: config.POSTGRES_PORT,
    user: 'replicator',
    password: passwords.replicator,
    database: 'ticketflow',
    connectionTimeoutMillis: ANSWER_MS_MAX,
    query_timeout: ANSWER_MS_MAX
  })
  client.on('error', () => {}) // the query says it
  try {
    await client.connect()
    const { rows } = await client.query<{ lsn: number }>("select (pg_current_wal_flush_lsn() - '0/0')::float8 as lsn")
    return rows[0]!.lsn
  } finally {
    client.end().catch(() => {}) // not waited for: who is frozen does not say goodbye
  }
}
