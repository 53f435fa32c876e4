import { Refusal } from '../chassis/errors.ts'
import type { Hold, Order } from '../contracts/selling.ts'
import type { Command, OrderCommand, SaleCommand } from './commands.ts'
import { decideHold } from './decide-hold.ts'
import { decideOrder, decideSale } from './decide-order.ts'
import type { OwnPlaces } from './held-places.ts'
import type { HoldRow } from './holds.ts'
import type { OrderRow } from './orders.ts'
import type { LockedSeat, LockedZone, Stock } from './stock.ts'

/** Everything that was read under the locks of a batch. Deciding changes it, so that each command sees what those before it did. */
export interface Facts {
  now: Date
  holdMs: number
  stock: Stock
  /** Seats that cannot be had, in the rows that a rule looks at; those of `stock` count for themselves. */
  takenInRows: Map<number, Set<number>>
  holds: Map<string, HoldRow>
  ordersById: Map<string, OrderRow>
  ordersByHold: Map<string, OrderRow>
  ownPlaces: OwnPlaces
  /** Tickets that a buyer has of a show that limits them: see `buyers.ts`. */
  ticketsOf: Map<string, number>
  /** Orders that this batch makes. */
  made: Map<string, Order>
  newCode: () => string
}

/** What a batch writes: nothing else, and all of it or nothing. */
export interface Writes {
  holds: HoldRow[]
  sales: Sale[]
  seats: Set<LockedSeat>
  zones: Set<LockedZone>
}

export interface Sale {
  order: Order
  holdId: string | null
  command: OrderCommand | SaleCommand
}

/** `stale`: the seats that were found for it are gone; others are to be looked for. `known`: an order of before, whose lines are in the database. */
export type Outcome = { hold: Hold } | { order: Order } | { known: OrderRow } | { refusal: Refusal } | { stale: Error }

/**
 * Pure. Decides commands in the order they came, each against what the ones
 * before it left.
 *
 * @returns One outcome per command, and what is to be written for all of them.
 */
export function decide(commands: Command[], facts: Facts): { outcomes: Outcome[]; writes: Writes } {
  const writes: Writes = { holds: [], sales: [], seats: new Set(), zones: new Set() }
  return { outcomes: commands.map((command) => decideOne(command, facts, writes)), writes }
}

function decideOne(command: Command, facts: Facts, writes: Writes): Outcome {
  try {
    if (command.does === 'hold') return decideHold(command, facts, writes)
    return command.does === 'order' ? decideOrder(command, facts, writes) : decideSale(command, facts, writes)
  } catch (err) {
    if (!(err instanceof Refusal)) throw err
    return isStale(command, err) ? { stale: err } : { refusal: err }
  }
}

/** Somebody who chose by number was faster than the locks of the seats that were found for it. */
function isStale(command: Command, { code }: Refusal): boolean {
  if (command.does === 'order' || !command.best) return false
  return code === 'SEAT_TAKEN' || code === 'ORPHAN_SEAT' || (code === 'NOT_TOGETHER' && command.crowded)
}
