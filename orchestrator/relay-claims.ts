import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { transaction } from '../chassis/postgres.ts'

const SESSIONS = 'relay-'

/** What the sessions of this life of a relay are called in the database: one that is started again is another. */
export function sessionName(): string {
  return SESSIONS + randomUUID()
}

export function withSessionName(nodes: string, name: string): string {
  return `${nodes}${nodes.includes('?') ? '&' : '?'}application_name=${name}`
}

/**
 * Frees what relays that are gone had claimed, unless another relay is there
 * whose claims these may be; then they run out by themselves. Should one come
 * meanwhile, the worst is an event that is published twice.
 *
 * @param own - The name of this relay's sessions.
 * @returns How many events were freed.
 */
export async function takeOverClaims(pool: Pool, own: string): Promise<number> {
  const { rowCount } = await transaction(pool, (tx) =>
    tx.query({
      name: 'take-over-claims',
      text: `update selling.outbox
             set claimed_until = null
             where published_at is null and claimed_until > clock_timestamp() and not exists (
               select
               from pg_stat_activity
               where datname = current_database() and starts_with(application_name, $1) and application_name <> $2
             )`,
      values: [SESSIONS, own]
    })
  )
  return rowCount ?? 0
}
