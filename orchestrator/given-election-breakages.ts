import type { Followed, FollowOrder, Term } from '../chassis/postgres-node.ts'
import { type Action, type Decision, type Election, type Observation, reignOf } from './failover-decision.ts'
import { PRODUCT, type Product } from './given-election-product.ts'

type Rules = Product['rules']

export const equalTermGranted: Rules['grantOf'] = (state, term) =>
  term.epoch === state.promise.epoch ? 'granted' : PRODUCT.rules.grantOf(state, term)

/** As if it had followed itself, and might go on with anybody. */
export function formerAttaches(self: string, followed: Followed | null, order: FollowOrder) {
  return followed?.leader === self ? 'as-before' : PRODUCT.rules.wayToFollow(self, followed, order)
}

/** The rule for siblings, for former primaries too. */
export function formerIsSibling(_self: string, followed: Followed | null, order: FollowOrder) {
  return PRODUCT.rules.wayToFollow('', followed, order)
}

/** Whoever answered first reigns. */
export function oneIsEnough(decision: Decision): Decision {
  const { election } = decision.memory
  const [node] = election ? Object.keys(election.reports) : []
  if (!election || election.promoted || node === undefined) return decision
  return {
    ...decision,
    actions: [{ order: 'promote', node, term: election.term }],
    memory: { ...decision.memory, election: { ...election, promoted: { node, atMs: 0 } } }
  }
}

/** What was seen of a primary is taken for its answer. */
export function primaryCounts(decision: Decision, { nodes }: Observation): Decision {
  const { election } = decision.memory
  const primaries = nodes.flatMap(({ state }) => (state?.role === 'primary' && state.rowEpoch !== null ? [state] : []))
  if (!election || election.promoted || primaries.length === 0) return decision
  const seen = Object.fromEntries(primaries.map(({ node, rowEpoch, lsn }) => [node, { rowEpoch: rowEpoch!, lsn: lsn! }]))
  return {
    ...decision,
    actions: decision.actions.filter(({ node }) => !(node in seen)),
    memory: { ...decision.memory, election: { ...election, reports: { ...seen, ...election.reports } } }
  }
}

export function forgetsPromoted(decision: Decision): Decision {
  const { election } = decision.memory
  const promoting = decision.actions.some(({ order }) => order === 'promote')
  if (!election?.promoted || !promoting) return decision
  const { [election.promoted.node]: _, ...reports } = election.reports
  return { ...decision, memory: { ...decision.memory, election: { ...election, reports, promoted: undefined } } }
}

/** A controller that is started anew takes the number of the election that it finds, and no name of its own. */
export function reusesTerm(decision: Decision, { nodes, memory }: Observation): Decision {
  const { election } = decision.memory
  if (!election || memory.election?.term.id === election.term.id) return decision
  const reign = Math.max(...nodes.flatMap(({ state }) => (state ? [reignOf(state)] : [])))
  const term: Term = { epoch: Math.max(reign + 1, election.term.epoch - 1), id: 'same' }
  const renamed = (action: Action): Action => ('term' in action ? { ...action, term } : action)
  return { ...decision, actions: decision.actions.map(renamed), memory: { ...decision.memory, election: { ...election, term } } }
}

/** The first of them by name, whatever they have. */
export function firstByName(decision: Decision): Decision {
  const { election } = decision.memory
  const [node] = Object.keys(election?.reports ?? {}).sort()
  if (!election?.promoted || node === undefined) return decision
  const actions = decision.actions.map((action) => (action.order === 'promote' ? { ...action, node } : action))
  const promoted: Election['promoted'] = { ...election.promoted, node }
  return { ...decision, actions, memory: { ...decision.memory, election: { ...election, promoted } } }
}
