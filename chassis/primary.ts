import type { Pool } from 'pg'
import type { Log } from './log.ts'
import { openPool } from './postgres.ts'

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

/** PLACEHOLDER: one node only; the real one follows the reign among all nodes. */
export function watchPrimary(nodes: string, log: Log): Primary {
  const pool = openPool(nodes, log)
  return {
    pool: () => pool,
    onReign: (begin) => begin(nodes),
    close: () => pool.end()
  }
}
