import type { NodeState, Term } from '../chassis/postgres-node.ts'
import {
  type Action,
  type Decision,
  type Election,
  isReady,
  LIMITS,
  type Memory,
  type Observation,
  promised,
  promisedBeyond
} from './failover-decision.ts'

/** Any two of three nodes hold every acknowledged commit between them. */
const QUORUM = 2
/** Where two nodes are out of sight, so is what they promised: a number well above it is taken. */
const UNSEEN = 1_000

/**
 * The next step towards a new reign: begin when enough nodes could take part,
 * prepare them, and give the reign to the one that has most.
 *
 * @param without - The primary that is to hand over. What it has and nobody else has, nobody was told.
 */
export function electionOf(observation: Observation, states: NodeState[], without?: string): Decision {
  const { memory } = observation
  const { election } = memory
  if (election && !isOver(election, observation, states)) return continued(observation, election, candidates(states, election))
  const before = { ...memory, election: undefined, ungated: undefined }
  const quorum = isLossAccepted(observation, states) ? 1 : QUORUM
  const ready = candidates(states, { without, quorum })
  if (ready.length < quorum) return { says: 'fewer than two nodes are ready', loud: true, actions: [], memory: before }
  if (waitsForThird(observation, states, ready)) return { says: 'two nodes wait for the third', actions: [], memory: before }
  return begun(before, observation, { states, ready, quorum, without })
}

/** Only for the node that was alone when a person accepted it, and only as long as it is. */
function isLossAccepted({ nowMs, memory: { wish } }: Observation, states: NodeState[]): boolean {
  const ready = states.filter(isReady).map(({ node }) => node)
  return wish?.wants === 'accept-loss' && nowMs < wish.untilMs && ready.join() === wish.survivor
}

function isOver({ term, sinceMs, promoted, quorum }: Election, { nowMs }: Observation, states: NodeState[]): boolean {
  if (nowMs - sinceMs > LIMITS.electionMs || promised(states) > term.epoch) return true
  if (quorum < QUORUM && !promoted && states.filter(isReady).length >= QUORUM) return true
  return promoted !== undefined && nowMs - promoted.atMs > LIMITS.promoteMs
}

/** A copy under way is given up only when there are not enough others. */
function candidates(states: NodeState[], { without, quorum }: Pick<Election, 'without' | 'quorum'>): NodeState[] {
  const ready = states.filter((state) => isReady(state) && state.node !== without)
  const whole = ready.filter(({ copying }) => !copying)
  return whole.length >= quorum ? whole : ready
}

/** When everything starts at once, and so nobody follows anybody, a little patience spares the slowest node a copy. */
function waitsForThird({ nowMs, nodes, memory }: Observation, states: NodeState[], ready: NodeState[]): boolean {
  const starting = states.every(({ upstream }) => upstream === null) && !promisedBeyond(states)
  if (!starting || ready.length === nodes.length) return false
  return memory.preparableSinceMs !== undefined && nowMs - memory.preparableSinceMs < LIMITS.thirdMs
}

interface Electorate {
  states: NodeState[]
  ready: NodeState[]
  quorum: 1 | 2
  without: string | undefined
}

function begun(memory: Memory, { nowMs, newId }: Observation, { states, ready, quorum, without }: Electorate): Decision {
  const term = { epoch: Math.max(promised(states), memory.taken) + (quorum < QUORUM ? UNSEEN : 1), id: newId }
  const election = { term, sinceMs: nowMs, quorum, without, reports: {}, promoted: undefined }
  return { says: 'preparing', actions: prepare(ready, term), memory: { ...memory, election, wish: undefined, taken: term.epoch } }
}

function continued({ nowMs, memory }: Observation, election: Election, ready: NodeState[]): Decision {
  const { term, reports, promoted, sinceMs, quorum } = election
  if (promoted) return { says: 'promoting', actions: [], memory }
  const missing = ready.filter(({ node }) => !reports[node])
  const prepared = Object.keys(reports).length
  if (prepared < quorum || (missing.length > 0 && nowMs - sinceMs < LIMITS.graceMs))
    return { says: 'preparing', actions: prepare(missing, term), memory }
  const node = best(reports)
  return {
    says: 'promoting',
    actions: [{ order: 'promote', node, term }],
    memory: { ...memory, election: { ...election, promoted: { node, atMs: nowMs } } }
  }
}

function prepare(nodes: NodeState[], term: Term): Action[] {
  return nodes.map(({ node }) => ({ order: 'prepare', node, term }))
}

/** The newest reign, then the longest WAL: it contains whatever was acknowledged. Among equals, the first by name. */
function best(reports: Election['reports']): string {
  const [[node] = ['']] = Object.entries(reports).toSorted(([a, x], [b, y]) => y.rowEpoch - x.rowEpoch || y.lsn - x.lsn || (a < b ? -1 : 1))
  return node
}
