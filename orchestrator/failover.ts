import { Refusal } from '../chassis/errors.ts'
import type { FollowOrder, NodeState, Prepared } from '../chassis/postgres-node.ts'
import { type Action, type Decision, type Memory, NOTHING_YET, type Observation, promised } from './failover-decision.ts'
import { electionOf } from './failover-election.ts'

/** Longer than a gate takes whose followers only have to connect. */
const GATE_MS_MAX = 20_000
/** A node that is down this long while a primary waits for followers is not waited for. */
const DOWN_MS_MAX = 5_000

/**
 * Decides what to order next, from what is seen and nothing else.
 *
 * A reign in force is served: who does not follow is told to, and its first
 * commit is made. Where there is none, or it cannot be followed any more
 * because somebody promised a later one, a new one is elected. Where no node
 * ever held data, the cluster is created.
 */
export function decide(observation: Observation): Decision {
  const { nodes, memory } = observation
  const states = nodes.map(({ state }) => state).filter((state) => state !== undefined)
  const identifiers = new Set(states.map((state) => state.systemIdentifier).filter((identifier) => identifier !== null))
  if (identifiers.size > 1) return { says: 'nodes of different clusters', actions: [], memory: NOTHING_YET }

  const creator = creatorAmong(observation, states)
  if (creator) return { says: 'creating the cluster', actions: [bootstrap(creator, states)], memory: NOTHING_YET }

  const leader = leaderAmong(states)
  const contested = memory.election !== undefined && leader !== undefined && memory.election.term.epoch > reignOf(leader)
  if (!leader || contested || promised(states) > reignOf(leader)) return electionOf(observation, states)
  return serve(observation, leader, states)
}

/** The primary of the newest reign. Others that believe to be one are told to follow it. */
export function leaderAmong(states: NodeState[]): NodeState | undefined {
  return states.filter(({ role }) => role === 'primary').toSorted((a, b) => reignOf(b) - reignOf(a))[0]
}

export function reignOf({ followed }: NodeState): number {
  return followed?.epoch ?? 0
}

/** When all answer that they never held data; or when only the one answers otherwise that was creating, and nobody reigned yet. */
function creatorAmong({ nodes }: Observation, states: NodeState[]): NodeState | undefined {
  if (states.length < nodes.length) return undefined
  const [holder, ...others] = states.filter(({ role }) => role !== 'empty')
  if (others.length > 0) return undefined
  if (!holder) return states.every(({ systemIdentifier }) => systemIdentifier === null) ? states[0] : undefined
  const begun = holder.role === 'standby' && holder.rowEpoch === 0 && holder.followed?.leader === holder.node
  return begun ? holder : undefined
}

function bootstrap({ node }: NodeState, states: NodeState[]): Action {
  return { order: 'bootstrap', node, term: { epoch: promised(states) + 1, id: 'bootstrap' } }
}

function serve(observation: Observation, leader: NodeState, states: NodeState[]): Decision {
  const { nowMs, memory } = observation
  const epoch = reignOf(leader)
  const others = states.filter((state) => state !== leader)
  const open = leader.rowEpoch === epoch
  const ungated = open ? undefined : memory.ungated?.epoch === epoch ? memory.ungated : { epoch, sinceMs: nowMs }
  const waitedMs = ungated ? nowMs - ungated.sinceMs : 0
  const stuck = waitedMs > GATE_MS_MAX && !others.some(({ copying }) => copying)
  if (stuck && others.some(({ role }) => role === 'standby')) return electionOf(observation, states)

  const strays = others.filter((state) => !isFollowing(state, leader))
  const hopeless = ({ role, needsCopy }: NodeState) => role === 'empty' || needsCopy || (role === 'down' && waitedMs > DOWN_MS_MAX)
  const mayCopy = open || (strays.length === others.length && strays.every(hopeless))
  const gate: Action[] =
    !open && others.some((state) => isFollowing(state, leader) && state.streaming) ? [{ order: 'gate', node: leader.node, epoch }] : []
  const follows = strays
    .filter(({ copying }) => !copying)
    .map(({ node }): Action => ({ order: 'follow', node, follow: orderOf(leader, mayCopy) }))
  return {
    says: open ? 'a primary reigns' : 'the primary waits for its first commit',
    actions: [...follows, ...gate],
    memory: { election: undefined, twoReadySinceMs: undefined, ungated }
  }
}

export function isFollowing({ role, followed, upstream }: NodeState, leader: NodeState): boolean {
  return role === 'standby' && upstream === leader.node && followed?.epoch === reignOf(leader) && followed.leader === leader.node
}

function orderOf({ node, promise, systemIdentifier, ledFrom }: NodeState, mayCopy: boolean): FollowOrder {
  return { term: promise, leader: node, systemIdentifier: systemIdentifier ?? '', ledFrom: ledFrom ?? { followed: null, lsn: 0 }, mayCopy }
}

/** What an order brought to light, for the next pass. A promotion that was refused did not happen: the next election need not wait. */
export function noted(memory: Memory, { order, node }: Action, answer: Prepared | Refusal | undefined): Memory {
  const { election } = memory
  if (answer instanceof Refusal) return order === 'promote' ? { ...memory, election: undefined } : memory
  if (!election || order !== 'prepare' || !answer) return memory
  return { ...memory, election: { ...election, reports: { ...election.reports, [node]: answer } } }
}
