import * as rules from '../db/postgres-node/rules.ts'
import { decide, noted } from './failover.ts'

/** What is explored: the product's own functions, and what its nodes are in the habit of doing with PostgreSQL. */
export interface Product {
  decide: typeof decide
  noted: typeof noted
  rules: Pick<typeof rules, 'grantOf' | 'acceptOf' | 'wayToFollow' | 'mayAttach' | 'mayPromote' | 'mayGate' | 'ledState' | 'followedState'>
  habits: Habits
}

/**
 * What prepare.ts, follow.ts, copy.ts, node.ts and reading.ts do about PostgreSQL,
 * as far as no pure function says it. Each may be left off, to see what it is for.
 */
export interface Habits {
  /** A standby that is prepared lets go of its primary. */
  detaches: boolean
  /** A primary that is prepared is killed, and comes back as a standby. */
  kills: boolean
  /** A promise outlives a crash. */
  keepsPromises: boolean
  /** The reign that a node tells is read from its data, not from beside them. */
  readsRow: boolean
  /** Whom a node follows is written down before it is attached. */
  writesFirst: boolean
  /** A copy that is not whole has another name, which no commit waits for. */
  hidesCopies: boolean
  /** Clients come when the first commit of the reign is on two nodes. */
  waitsForGate: boolean
}

export const PRODUCT: Product = {
  decide,
  noted,
  rules,
  habits: {
    detaches: true,
    kills: true,
    keepsPromises: true,
    readsRow: true,
    writesFirst: true,
    hidesCopies: true,
    waitsForGate: true
  }
}
