import type { FollowOrder, Prepared, Term } from '../chassis/postgres-node.ts'
import { isSameReign, isSameTerm } from '../db/postgres-node/rules.ts'
import type { Action } from './failover-decision.ts'
import { gated } from './given-election-gate.ts'
import { agentRestarted, isUp, type ModelNode, reignOfNode, reportOf, started } from './given-election-node.ts'
import type { Product } from './given-election-product.ts'
import { characterOf } from './given-election-wal.ts'

export interface Carried extends Outcome {
  /** Every state in between that the end of the agent could leave behind. */
  cuts: ModelNode[]
}

interface Outcome {
  node: ModelNode
  answer: Prepared | 'refused' | undefined
}

/** What a node does, in the order it does it. Between two steps its agent may end: what was yielded is what is left then. */
type Steps = Generator<ModelNode, Outcome, void>

export function carriedOut(node: ModelNode, action: Action, product: Product): Carried {
  if (action.order === 'gate') return { node: gated(node, action, product), answer: undefined, cuts: [] }
  const steps = stepsOf(node, action, product)
  const cuts: ModelNode[] = []
  for (;;) {
    const { done, value } = steps.next()
    if (done) return { ...value, node: withoutPast(value.node), cuts }
    cuts.push(agentRestarted(value))
  }
}

/** What belongs to a term that is not promised any more is never looked at again. */
function withoutPast(node: ModelNode): ModelNode {
  const { promise } = node.remembered
  const of = (term: Term | null) => (term && isSameTerm(term, promise) ? term : null)
  const reported = node.reported > reignOfNode(node) ? node.reported : 0
  return { ...node, prepared: of(node.prepared), needsCopy: of(node.needsCopy), reported }
}

function stepsOf(node: ModelNode, action: Action, product: Product): Steps {
  switch (action.order) {
    case 'prepare':
      return prepare(node, action.term, product)
    case 'promote':
      return promote(node, action.term, product)
    case 'follow':
      return follow(node, action.follow, product)
    default:
      throw new Error('the cluster is there already')
  }
}

function* prepare(before: ModelNode, term: Term, { rules, habits }: Product): Steps {
  const verdict = rules.grantOf(before.remembered, term)
  if (verdict === 'refused') return { node: before, answer: 'refused' }
  const promise = verdict === 'granted' ? term : before.remembered.promise
  let node: ModelNode = { ...before, remembered: { ...before.remembered, promise }, copy: null }
  yield node
  if (!node.prepared || !isSameTerm(node.prepared, term)) node = standingStill(node, habits)
  const answer = reportOf(node, habits)
  return { node: { ...node, prepared: term, reported: Math.max(node.reported, term.epoch) }, answer }
}

function standingStill(node: ModelNode, { detaches, kills }: Product['habits']): ModelNode {
  if (isUp(node) && node.postgres === 'standby') return detaches ? { ...node, upstream: null } : node
  return kills || node.postgres === 'standby' ? started(node) : node
}

function* promote(before: ModelNode, term: Term, { rules }: Product): Steps {
  const verdict = rules.mayPromote(before.remembered, before.prepared ?? undefined, term)
  if (verdict === 'done' && before.postgres === 'primary' && isUp(before)) return { node: before, answer: undefined }
  if (verdict !== 'promote' || !isUp(before)) return { node: before, answer: 'refused' }
  const lsn = before.wal.length
  const remembered = { ...before.remembered, ...rules.ledState(before.remembered, before.name, term, lsn) }
  const node = { ...before, remembered, prepared: null }
  yield node
  if (node.postgres === 'primary') return { node: started(node), answer: undefined } // there was nothing to end its recovery of
  const wal = before.wal + characterOf({ is: 'start', by: node.name, reign: term.epoch })
  return { node: { ...node, postgres: 'primary', upstream: null, wal, visible: lsn }, answer: undefined }
}

function* follow(before: ModelNode, order: FollowOrder, { rules, habits }: Product): Steps {
  const nothing: Outcome = { node: before, answer: undefined }
  if (order.leader === before.name) return nothing
  if (before.copy && isSameTerm(before.copy.order.term, order.term)) return nothing
  const copy = before.copy && before.copy.order.term.epoch < order.term.epoch ? null : before.copy
  const verdict = rules.acceptOf(before.remembered, order)
  if (verdict === 'refused' || verdict === 'foreign') return { node: { ...before, copy }, answer: 'refused' }
  let node = { ...before, copy, remembered: { ...before.remembered, promise: order.term } }
  if (verdict === 'accepted') yield node
  if (node.needsCopy && isSameTerm(node.needsCopy, order.term)) return { node: copying(node, order), answer: undefined }
  if (!isUp(node) || isFollowing(node, order)) return { node, answer: undefined }

  const way = rules.wayToFollow(node.name, node.remembered.followed, order)
  const asItIs = way === 'as-before' && node.postgres === 'standby'
  if (!asItIs) node = standingStill(node, { ...habits, kills: true, detaches: true })
  if (!asItIs && (way !== 'as-sibling' || !rules.mayAttach(way, node.wal.length, order)))
    return { node: copying(node, order), answer: undefined }
  const attached = { ...node, prepared: null, needsCopy: null, upstream: order.leader }
  const followed = { ...node.remembered, ...rules.followedState(order) }
  yield habits.writesFirst ? { ...node, remembered: followed } : attached
  return { node: { ...attached, remembered: followed }, answer: undefined }
}

function isFollowing({ postgres, upstream, remembered }: ModelNode, { term, leader }: FollowOrder): boolean {
  const { followed } = remembered
  return postgres === 'standby' && upstream === leader && followed !== null && isSameReign(followed, { epoch: term.epoch, leader })
}

function copying(node: ModelNode, order: FollowOrder): ModelNode {
  return { ...node, needsCopy: order.term, copy: order.mayCopy ? { order, wal: null } : node.copy }
}
