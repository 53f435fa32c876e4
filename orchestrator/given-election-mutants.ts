import type { Prepared } from '../chassis/postgres-node.ts'
import { type Bounds, NOTHING_HAPPENS } from './given-election-bounds.ts'
import * as breakages from './given-election-breakages.ts'
import { type Habits, PRODUCT, type Product } from './given-election-product.ts'

/** The product with one rule broken, and the least that has to happen for that to show. */
export interface Mutant {
  name: string
  product: Product
  bounds: Bounds
}

const ONE: Partial<Bounds> = { sales: 1, elections: 1, crashes: 1, inFlight: 2 }
const SUSPECT: Partial<Bounds> = { sales: 1, elections: 1, suspicions: 1, inFlight: 2 }
/** A standby is away, so the primary that is suspected takes part. */
const SUSPECT_OF_TWO: Partial<Bounds> = { ...SUSPECT, crashes: 1 }
/** Orders arrive at once or never: what needs two reigns to show would lie too deep otherwise. */
const TWO: Partial<Bounds> = { sales: 1, elections: 2, crashes: 2, inFlight: 0 }
const RIVALS: Partial<Bounds> = { sales: 1, elections: 2, controllers: 2, suspicions: 2, inFlight: 3 }

export const MUTANTS: Mutant[] = [
  byRules('a lower term is granted', { grantOf: () => 'granted' }, { ...SUSPECT, elections: 2 }),
  byRules('another election of the same term is granted', { grantOf: breakages.equalTermGranted }, RIVALS),
  byRules('a node is promoted that was not prepared', { mayPromote: () => 'promote' }, { elections: 2, crashes: 1, inFlight: 2 }),
  byRules('whoever is told to follow attaches as it is', { wayToFollow: () => 'as-before' }, SUSPECT_OF_TWO),
  byRules('siblings attach wherever their WAL ends', { mayAttach: () => true }, { ...ONE, crashes: 2, acceptedLosses: 1, inFlight: 0 }),
  byRules('a former primary attaches wherever its WAL ends', { wayToFollow: breakages.formerAttaches }, SUSPECT_OF_TWO),
  byHabits('a prepared standby goes on receiving', { detaches: false }, SUSPECT),
  byHabits('a prepared primary goes on', { kills: false }, { ...SUSPECT_OF_TWO, leader: 'pg3' }),
  byHabits('promises do not outlive a crash', { keepsPromises: false }, { ...SUSPECT, crashes: 1 }),
  byHabits('the reign is told from beside the data', { readsRow: false }, TWO),
  byHabits('a copy under way counts as a follower', { hidesCopies: false }, TWO),
  byHabits('clients come before the first commit', { waitsForGate: false }, { ...TWO, sales: 3 }),
  byRules('a first commit is made in whatever reign it arrives', { mayGate: () => true }, { elections: 2, crashes: 1, inFlight: 2 }),
  byDecisions('one prepared node is enough', breakages.oneIsEnough, ONE),
  byDecisions('a primary counts as prepared as it stands', breakages.primaryCounts, { ...SUSPECT, leader: 'pg3' }),
  byDecisions('a second node is promoted in one term', breakages.forgetsPromoted, ONE),
  byDecisions('the number of an election is used again', breakages.reusesTerm, { ...ONE, elections: 2, amnesias: 1 }),
  byDecisions('the first by name is promoted, whatever it has', breakages.firstByName, ONE),
  byReports('the longest WAL wins, whatever its reign', (report) => ({ ...report, rowEpoch: 0 }), { ...TWO, sales: 2 })
]

/** Rules without which nothing was found: others keep what they keep. */
export const SPARE: Mutant[] = [
  byRules(
    'a former primary attaches like a sibling',
    { wayToFollow: breakages.formerIsSibling },
    { ...ONE, crashes: 2, acceptedLosses: 1, inFlight: 0 }
  )
]

function byRules(name: string, rules: Partial<Product['rules']>, bounds: Partial<Bounds>): Mutant {
  return mutant(name, { rules: { ...PRODUCT.rules, ...rules } }, bounds)
}

function byHabits(name: string, habits: Partial<Habits>, bounds: Partial<Bounds>): Mutant {
  return mutant(name, { habits: { ...PRODUCT.habits, ...habits } }, bounds)
}

type Decide = Product['decide']

function byDecisions(
  name: string,
  breaks: (decision: ReturnType<Decide>, seen: Parameters<Decide>[0]) => ReturnType<Decide>,
  bounds: Partial<Bounds>
): Mutant {
  return mutant(name, { decide: (seen) => breaks(PRODUCT.decide(seen), seen) }, bounds)
}

function byReports(name: string, change: (report: Prepared) => Prepared, bounds: Partial<Bounds>): Mutant {
  const noted: Product['noted'] = (memory, action, answer) =>
    PRODUCT.noted(memory, action, answer && 'lsn' in answer ? change(answer) : answer)
  return mutant(name, { noted }, bounds)
}

function mutant(name: string, change: Partial<Product>, bounds: Partial<Bounds>): Mutant {
  return { name, product: { ...PRODUCT, ...change }, bounds: { ...NOTHING_HAPPENS, ...bounds } }
}
