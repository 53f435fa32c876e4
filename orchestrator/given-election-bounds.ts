/** How much may happen in one exploration. Within it, everything that may happen does. */
export interface Bounds {
  sales: number
  elections: number
  /** A node, or its PostgreSQL, ends. It may come back at any later moment, or never. */
  crashes: number
  freezes: number
  /** An agent ends in the middle of an order. */
  cuts: number
  /** The controller ends and remembers nothing. */
  amnesias: number
  /** Passes in which a living agent was not seen. */
  unseen: number
  /** Passes in which a primary that commits was taken for one that does not. */
  suspicions: number
  /** Orders that arrive and will arrive again. */
  duplicates: number
  switchovers: number
  /** A person lets one node reign on what it has. */
  acceptedLosses: number
  /** Orders that are lost, where none is under way. */
  lost: number
  /** Orders under way at one time; which of more are lost is a choice like any other. With 0 an order arrives at once or is lost. */
  inFlight: number
  controllers: 1 | 2
  /** Who reigns at the beginning. */
  leader: 'pg1' | 'pg3'
}

export const NOTHING_HAPPENS: Bounds = {
  sales: 0,
  elections: 0,
  crashes: 0,
  freezes: 0,
  cuts: 0,
  amnesias: 0,
  unseen: 0,
  suspicions: 0,
  duplicates: 0,
  switchovers: 0,
  acceptedLosses: 0,
  lost: 0,
  inFlight: 3,
  controllers: 1,
  leader: 'pg1'
}

export type Spent = Omit<Bounds, 'inFlight' | 'controllers' | 'leader'>
