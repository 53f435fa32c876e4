import type { Pool } from 'pg'
import type { Peer } from '../chassis/call.ts'
import type { Log } from '../chassis/log.ts'
import type { Patience } from '../chassis/patience.ts'
import { type Tx, transaction } from '../chassis/postgres.ts'
import type { Bank } from './bank.ts'
import type { DocumentReader } from './documents.ts'

/** What a purchase is moved with. */
export interface Kit {
  log: Log
  /** Finds the primary's pool; asked again for every attempt, because a failover may lie between two. */
  pool: () => Pool
  /** One for all: it bounds how many wait. */
  patiently: Patience
  seller: Peer
  relay: Peer
  bank: Bank
  documents: DocumentReader
  /** After this an order without documents has its events published again. */
  documentedSecondsMax: number
}

/** One step of a purchase, stored for certain. `work` may run more than once: it asks for the state it starts from. */
export function store<T>({ pool, patiently }: Pick<Kit, 'pool' | 'patiently'>, work: (tx: Tx) => Promise<T>): Promise<T> {
  return patiently(() => transaction(pool(), work))
}
