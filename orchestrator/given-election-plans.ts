import { type Bounds, NOTHING_HAPPENS } from './given-election-bounds.ts'

/** One exploration: what may happen in it, together and in any order. */
export interface Plan {
  name: string
  bounds: Bounds
}

/** Small enough for every run of the tests. */
export const SMALL: Plan[] = [
  plan('a crash, three orders under way', { sales: 1, elections: 1, crashes: 1, inFlight: 3 }),
  plan('a wrong suspicion', { sales: 1, elections: 1, suspicions: 1, inFlight: 2 }),
  plan('a wrong suspicion, and a standby that is away', { sales: 1, elections: 1, suspicions: 1, crashes: 1, inFlight: 2 }),
  plan('a freeze', { sales: 1, elections: 1, freezes: 1, inFlight: 2 }),
  plan('an agent that ends within an order, and one that comes twice', { elections: 1, crashes: 1, cuts: 1, duplicates: 1, inFlight: 2 }),
  plan('a controller that forgets', { elections: 2, suspicions: 1, amnesias: 1, inFlight: 1 }),
  plan('two controllers', { elections: 2, suspicions: 1, controllers: 2, inFlight: 1 }),
  plan('two controllers, and a standby that is away', { elections: 2, suspicions: 1, crashes: 1, controllers: 2, inFlight: 0 }),
  plan('a switchover with an agent out of sight', { sales: 1, elections: 1, switchovers: 1, unseen: 1, inFlight: 2 }),
  plan('a loss that is accepted', { sales: 1, elections: 1, crashes: 2, acceptedLosses: 1, inFlight: 0 }),
  plan('two elections, two crashes', { sales: 2, elections: 2, crashes: 2, inFlight: 0 }),
  plan('three elections, a crash, two wrong suspicions', { sales: 1, elections: 3, crashes: 1, suspicions: 2, inFlight: 0 })
]

/** Minutes, with EXPLORE=large. */
export const LARGE: Plan[] = [
  plan('two sales, a crash, three orders under way', { sales: 2, elections: 1, crashes: 1, inFlight: 3 }),
  plan('a crash, two elections', { sales: 1, elections: 2, crashes: 1, inFlight: 2 }),
  plan('a wrong suspicion, two elections', { sales: 1, elections: 2, suspicions: 1, inFlight: 2 }),
  plan('a freeze and a crash', { sales: 1, elections: 1, freezes: 1, crashes: 1, inFlight: 2 }),
  plan('a crash, an agent that ends, an order twice', { sales: 1, elections: 1, crashes: 1, cuts: 1, duplicates: 1, inFlight: 2 }),
  plan('two controllers, two suspicions', { sales: 1, elections: 2, suspicions: 2, controllers: 2, inFlight: 2 }),
  plan('two sales, two elections, two crashes, an order lost', { sales: 2, elections: 2, crashes: 2, lost: 1, inFlight: 0 }),
  plan('three elections, two crashes', { sales: 1, elections: 3, crashes: 2, inFlight: 0 })
]

function plan(name: string, bounds: Partial<Bounds>): Plan {
  return { name, bounds: { ...NOTHING_HAPPENS, ...bounds } }
}
