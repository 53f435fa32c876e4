import { decide, type Facts } from './decide.ts'
import type { Decide } from './given-play.ts'
import { numbered } from './stock.ts'

/** For tests: `decide` with a bug planted in it. */
const NEVER = new Date(Date.UTC(2999, 0, 1))

/** A hold that ran out is not a free seat. */
export const forgetsTime: Decide = (commands, facts) => {
  for (const seat of [...facts.stock.seats.values()].flatMap((seats) => [...seats.values()])) if (seat.held_until) seat.held_until = NEVER
  return decide(commands, facts)
}

/** Each command sees what the batch found, and not what those before it took. */
export const forgetsTheBatch: Decide = (commands, facts) => {
  const decided = commands.map((command) => decide([command], copyOf(facts)))
  return {
    outcomes: decided.flatMap(({ outcomes }) => outcomes),
    writes: {
      holds: decided.flatMap(({ writes }) => writes.holds),
      sales: decided.flatMap(({ writes }) => writes.sales),
      seats: new Set(decided.flatMap(({ writes }) => [...writes.seats])),
      zones: new Set(decided.flatMap(({ writes }) => [...writes.zones]))
    }
  }
}

/** An order is made again for each repeat. */
export const forgetsOrders: Decide = (commands, facts) => decide(commands, { ...facts, ordersById: new Map() })

/** What a hold has in a zone is not given back when it is sold. */
export const forgetsOwnPlaces: Decide = (commands, facts) => decide(commands, { ...facts, ownPlaces: new Map() })

/** Buyers have what this batch sells them, and nothing else. */
export const forgetsBuyers: Decide = (commands, facts) =>
  decide(commands, { ...facts, ticketsOf: new Map([...facts.ticketsOf.keys()].map((key) => [key, 0])) })

/** The rule against orphans looks at the seats that are asked for, and not at their row. */
export const forgetsTheRow: Decide = (commands, facts) => decide(commands, { ...facts, takenInRows: new Map() })

function copyOf(facts: Facts): Facts {
  const { seats, zones } = facts.stock
  const all = <T extends object>(kinds: Map<number, Map<number, T>>) =>
    [...kinds.values()].flatMap((ones) => [...ones.values()].map((one) => ({ ...one })))
  return {
    ...facts,
    stock: { seats: numbered(all(seats), ({ seat_no }) => seat_no), zones: numbered(all(zones), ({ zone_no }) => zone_no) },
    holds: new Map(facts.holds),
    ordersById: new Map(facts.ordersById),
    ordersByHold: new Map(facts.ordersByHold),
    ticketsOf: new Map(facts.ticketsOf),
    made: new Map()
  }
}
