import type { NodeState, Term } from '../chassis/postgres-node.ts'
import { type Action, type Decision, type Election, type Memory, type Observation, promised } from './failover-decision.ts'

/** Any two of three nodes hold every acknowledged commit between them. */
const QUORUM = 2
/** Two nodes wait this long for the third before they go on without it. */
const THIRD_MS_MAX = 10_000
/** Prepared nodes wait this long for one that is being prepared. */
const PREPARE_MS_MAX = 2_000
/** After this an election is over, whatever it came to. */
const ELECTION_MS_MAX = 15_000

/**
 * The next step towards a new reign: begin when enough nodes could take part,
 * prepare them, and give the reign to the one that has most.
 */
export function electionOf(observation: Observation, states: NodeState[]): Decision {
  const { nowMs, nodes, memory } = observation
  const ready = states.filter(({ role, rowEpoch }) => (role === 'standby' || role === 'primary') && rowEpoch !== null)
  const twoReadySinceMs = ready.length < QUORUM ? undefined : (memory.twoReadySinceMs ?? nowMs)
  const before: Memory = { ...memory, twoReadySinceMs }

  const { election } = memory
  const over = !election || nowMs - election.sinceMs > ELECTION_MS_MAX || promised(states) > election.term.epoch
  const running = over ? undefined : election
  if (running) return continued(before, running, ready, nowMs)
  const idle = { ...before, election: undefined }
  if (twoReadySinceMs === undefined) return { says: 'fewer than two nodes are ready', actions: [], memory: idle }
  const enough = ready.length === nodes.length || nowMs - twoReadySinceMs >= THIRD_MS_MAX
  if (!enough) return { says: 'two nodes wait for the third', actions: [], memory: idle }
  return begun(idle, observation, states, ready)
}

function begun(memory: Memory, { nowMs, newId }: Observation, states: NodeState[], ready: NodeState[]): Decision {
  const term = { epoch: promised(states) + 1, id: newId }
  const election = { term, sinceMs: nowMs, reports: {}, promoted: undefined }
  return { says: 'preparing', actions: prepare(ready, term), memory: { ...memory, election, ungated: undefined } }
}

function continued(memory: Memory, election: Election, ready: NodeState[], nowMs: number): Decision {
  const { term, reports, promoted, sinceMs } = election
  if (promoted) return { says: 'promoting', actions: [], memory }
  const missing = ready.filter(({ node }) => !reports[node])
  const prepared = Object.keys(reports).length
  if (prepared < QUORUM || (missing.length > 0 && nowMs - sinceMs < PREPARE_MS_MAX))
    return { says: 'preparing', actions: prepare(missing, term), memory }
  const node = best(reports)
  return {
    says: 'promoting',
    actions: [{ order: 'promote', node, term }],
    memory: { ...memory, election: { ...election, promoted: node } }
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
