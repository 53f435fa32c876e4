import type { Tx } from '../chassis/postgres.ts'
import type { BlockRequest } from '../contracts/selling.ts'
import { fingerprintOf } from './fingerprint.ts'
import { refuse } from './refusals.ts'

/** House seats of a show, as they were asked for. Only `released_at` ever changes. */
export interface BlockRow {
  block_id: string
  /** What {@link markOf} made of the request. */
  fingerprint: string
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
    text: `select s.show_id, b.block_id, b.fingerprint, b.released_at, date_trunc('milliseconds', clock_timestamp()) as now
           from selling.shows s
           left join selling.blocks b on b.show_id = s.show_id and b.code = $2
           where s.code = $1`,
    values: [showCode, blockCode]
  })
  const [row] = rows
  if (!row) throw refuse('SHOW_UNKNOWN', { code: showCode })
  return { showId: row.show_id, block: row.block_id === null ? undefined : row, now: row.now }
}

/**
 * What a block is recognised by: its request, and how many seats that is. A seat
 * that was given back remembers no block, and a repeated release has the same answer.
 */
export function markOf(request: BlockRequest, seats: number): string {
  return `${fingerprintOf(request)}:${seats}`
}

export function seatsIn({ fingerprint }: BlockRow): number {
  return Number(fingerprint.split(':').at(-1))
}
