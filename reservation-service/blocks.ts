import type { Tx } from '../chassis/postgres.ts'
import { refuse } from './refusals.ts'

/** House seats of a show, as they were asked for. Only `released_at` ever changes. */
export interface BlockRow {
  block_id: string
  fingerprint: string
  seat_nos: number[]
  released_at: Date | null
}

interface Found {
  showId: number
  block: BlockRow | undefined
  /** By the database clock, in whole milliseconds, as JavaScript compares them. */
  now: Date
}

/**
 * @returns The show, its block of this code when there is one, and what time it is.
 * @throws Refusal `SHOW_UNKNOWN`.
 */
export async function findBlock(tx: Tx, showCode: string, blockCode: string): Promise<Found> {
  const { rows } = await tx.query<{ show_id: number; now: Date } & (BlockRow | { block_id: null })>({
    name: 'find-block',
    text: `select s.show_id, b.block_id, b.fingerprint, b.seat_nos, b.released_at, date_trunc('milliseconds', clock_timestamp()) as now
           from selling.shows s
           left join selling.blocks b on b.show_id = s.show_id and b.code = $2
           where s.code = $1`,
    values: [showCode, blockCode]
  })
  const [row] = rows
  if (!row) throw refuse('SHOW_UNKNOWN', { code: showCode })
  return { showId: row.show_id, block: row.block_id === null ? undefined : row, now: row.now }
}
