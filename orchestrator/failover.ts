import { isDeepStrictEqual } from 'node:util'
import { Refusal } from '../chassis/errors.ts'
import type { FollowOrder, NodeState, Prepared } from '../chassis/postgres-node.ts'
import {
  type Action,
  areTwins,
  type Decision,
  isReady,
  LIMITS,
  type Memory,
  type Observation,
  promised,
  promisedBeyond,
  reignOf
} from './failover-decision.ts'
import { electionOf } from './failover-election.ts'
import { beatingAmong, isGivenUp, isGone, isSilent, learned } from './failover-suspicion.ts'

/**
 * Decides what to order next, from what is seen and nothing else.
 *
 * A reign in force is served: who does not follow is told to, and its first
 * commit is made. Where there is none, or its primary does not commit any more,
 * or it cannot be followed because somebody promised a later one, a new one is
 * elected. Where no node ever held data, the cluster is created.
 */
export function decide(seen: Observation): Decision {
  const states = seen.nodes.flatMap(({ state }) => state ?? [])
  const observation = { ...seen, memory: learned(seen, states) }
  const { memory } = observation
  const identifiers = new Set(states.flatMap(({ systemIdentifier }) => systemIdentifier ?? []))
  if (identifiers.size > 1) return { says: 'nodes of different clusters', loud: true, actions: [], memory }

  const creator = creatorAmong(observation, states)
  if (creator) return { says: 'creating the cluster', actions: [bootstrap(creator, states)], memory }

  const leader = leaderAmong(states)
  const beating = beatingAmong(observation)
  const epoch = Math.max(leader ? reignOf(leader) : 0, beating?.epoch ?? 0)
  if (epoch === 0 || promised(states) > epoch || areTwins(states) || (memory.election && memory.election.term.epoch > epoch))
    return without(observation, states)
  if (leader && reignOf(leader) === epoch) return serve(observation, leader, states)
  return { says: 'a primary reigns, and its agent is away', actions: [], memory: { ...memory, election: undefined } }
}

/** No reign that could be followed is in force. */
function without(observation: Observation, states: NodeState[]): Decision {
  const { memory } = observation
  if (memory.election || promisedBeyond(states) || isGone(observation, states)) return electionOf(observation, states)
  return { says: 'the primary does not answer', actions: [], memory }
}

/** The primary of the newest reign. Others that believe to be one are told to follow it. */
export function leaderAmong(states: NodeState[]): NodeState | undefined {
  return states.filter(({ role }) => role === 'primary').toSorted((a, b) => reignOf(b) - reignOf(a))[0]
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

function serve(seen: Observation, leader: NodeState, states: NodeState[]): Decision {
  if (leader.rowEpoch !== reignOf(leader)) return waitForGate(seen, leader, states)
  const { nowMs, nodes } = seen
  const epoch = reignOf(leader)
  const open = seen.memory.open?.epoch === epoch ? seen.memory.open : { epoch, sinceMs: nowMs }
  const memory = { ...seen.memory, election: undefined, ungated: undefined, open }
  const observation = { ...seen, memory }
  const others = states.filter((state) => state !== leader)
  const { pulse: counted } = nodes.find(({ node }) => node === leader.node)!
  const pulse = { ...counted, silentMs: Math.min(counted.silentMs, nowMs - open.sinceMs) }
  if (isGivenUp(observation, pulse)) return electionWithout(leader, observation, states)

  if (memory.wish?.wants === 'switchover' && others.length === nodes.length - 1 && others.every((state) => isWhole(state, leader)))
    return electionOf(observation, states, leader.node)
  return {
    ...(isSilent(pulse) ? { says: 'the primary cannot commit', loud: true } : { says: 'a primary reigns' }),
    actions: follows(others, leader, true),
    memory: { ...memory, wish: wishAfter(observation) }
  }
}

/** Who answers and cannot commit has the longest WAL, and would win and be stuck again: it is left out where two others are ready. */
function electionWithout(leader: NodeState, observation: Observation, states: NodeState[]): Decision {
  const others = states.filter((state) => state !== leader && isReady(state) && !state.copying)
  return electionOf(observation, states, others.length > 1 ? leader.node : undefined)
}

/** A switchover that could not be begun in time is forgotten; a loss that was accepted is of no use while a primary reigns. */
function wishAfter({ nowMs, memory: { wish } }: Observation): Memory['wish'] {
  return wish?.wants === 'switchover' && nowMs < wish.untilMs ? wish : undefined
}

/** The first commit of a reign: clients come when it is on two nodes. */
function waitForGate(observation: Observation, leader: NodeState, states: NodeState[]): Decision {
  const { nowMs, memory } = observation
  const epoch = reignOf(leader)
  const others = states.filter((state) => state !== leader)
  const ungated = memory.ungated?.epoch === epoch ? memory.ungated : { epoch, sinceMs: nowMs }
  const waitedMs = nowMs - ungated.sinceMs
  const idleMs = Math.min(waitedMs, nowMs - (memory.received?.atMs ?? nowMs))
  const stuck = idleMs > LIMITS.gateMs && !others.some(({ copying }) => copying)
  if (stuck && others.some(({ role }) => role === 'standby')) return electionWithout(leader, observation, states)

  const strays = others.filter((state) => !isFollowing(state, leader))
  const hopeless = ({ role, needsCopy }: NodeState) => role === 'empty' || needsCopy || waitedMs > LIMITS.downMs
  const onlyByCopy = strays.length === others.length && strays.every(hopeless)
  return {
    says: 'the primary waits for its first commit',
    ...(waitedMs > LIMITS.gateMs && { loud: true }),
    actions: [...follows(others, leader, onlyByCopy), { order: 'gate', node: leader.node, epoch }],
    memory: { ...memory, election: undefined, ungated }
  }
}

function follows(others: NodeState[], leader: NodeState, mayCopy: boolean): Action[] {
  return others
    .filter((state) => !isFollowing(state, leader) || state.needsCopy)
    .filter((state) => !(state.copying && isDeepStrictEqual(state.promise, leader.promise))) // a copy for an earlier reign is given up
    .map(({ node }) => ({ order: 'follow', node, follow: orderOf(leader, mayCopy) }))
}

export function isFollowing({ role, followed, upstream }: NodeState, leader: NodeState): boolean {
  return role === 'standby' && upstream === leader.node && followed?.epoch === reignOf(leader) && followed.leader === leader.node
}

/** It could take over: it follows, receives, and is no copy in the making. */
export function isWhole(state: NodeState, leader: NodeState): boolean {
  return isFollowing(state, leader) && state.streaming && !state.copying && !state.needsCopy
}

function orderOf({ node, promise, systemIdentifier, ledFrom }: NodeState, mayCopy: boolean): FollowOrder {
  return { term: promise, leader: node, systemIdentifier: systemIdentifier ?? '', ledFrom: ledFrom ?? { followed: null, lsn: 0 }, mayCopy }
}

/**
 * What an order brought to light, for the next pass. Only what belongs to the
 * election under way counts: an answer may come late. A promotion that was
 * refused did not happen: the next election need not wait.
 */
export function noted(memory: Memory, action: Action, answer: Prepared | Refusal | undefined): Memory {
  const { election } = memory
  if (!election || !('term' in action) || !isDeepStrictEqual(action.term, election.term)) return memory
  if (answer instanceof Refusal) return action.order === 'promote' ? { ...memory, election: undefined } : memory
  if (action.order !== 'prepare' || !answer) return memory
  return { ...memory, election: { ...election, reports: { ...election.reports, [action.node]: answer } } }
}
