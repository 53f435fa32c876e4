/** What buyers do, per second, whatever they are answered. */
export interface Load {
  /** Holds at the box office, of one or two seats. */
  holdsPerSecond: number
  /** Sales at the box office. Each makes documents, which cost more than the sale. */
  salesPerSecond: number
  /** Whole purchases, as browsers make them through the shop and the bank. */
  purchasesPerSecond: number
  /** Looks at tickets that were bought earlier. */
  readsPerSecond: number
  /** Looks at the catalogue: one of its pages, by somebody new. */
  pagesPerSecond: number
}

/**
 * The longest time between two commands of a kind for seats that nobody else
 * wants: at most one for contested ones comes in between.
 */
export function betweenMsMax(perSecond: number): number {
  return 2_000 / perSecond
}

/** What every show of theirs is called: a page of the catalogue shows it. */
export const HALL_TITLE = 'Los Tres, gira nacional'

/** Where they buy. */
export interface Halls {
  /** Shows where nobody wants what another wants. */
  calmShowIds: number[]
  /** A show where a few seats at a time are wanted by many. */
  contestedShowId: number
  seatsPerShow: number
  /** Where browsers buy. */
  shopShow: string
}

/** What a process of buyers has to know. */
export interface Job {
  instance: number
  historyPath: string
  seed: number
  halls: Halls
}

export type Order = { begin: Job } | { come: Load } | { rest: true }
/** `rested`: nothing is under way any more, or it was given up as unknown. `unfit`: an order cannot be followed. `failed`: a buyer died. */
export type Report = { begun: true } | { coming: true } | { rested: true } | { unfit: string } | { failed: string }
