import type { Pool } from 'pg'
import type { Peer } from '../chassis/call.ts'
import type { Log } from '../chassis/log.ts'
import { type Tx, transaction, untilKnown } from '../chassis/postgres.ts'
import type { Bank } from './bank.ts'
import type { DocumentReader } from './documents.ts'

/** What a purchase is moved with. */
export interface Kit {
  log: Log
  /** Finds the primary's pool; asked again for every attempt, because a failover may lie between two. */
  pool: () => Pool
  seller: Peer
  relay: Peer
  bank: Bank
  documents: DocumentReader
}

const STORE_MS_MAX = 5_000

/** One step of a purchase, stored for certain. `work` may run twice: it asks for the state it starts from. */
export function store<T>({ pool }: Pick<Kit, 'pool'>, work: (tx: Tx) => Promise<T>): Promise<T> {
  return untilKnown(STORE_MS_MAX, () => transaction(pool(), work))
}
