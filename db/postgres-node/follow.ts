import type { FollowOrder, FollowOutcome } from '../../chassis/postgres-node.ts'
import { startCopy, stillOrdered } from './copy.ts'
import type { Node } from './node.ts'
import { letGo, standStill } from './prepare.ts'
import { isUntouched, type Reading, read } from './reading.ts'
import { refuse } from './refusals.ts'
import { acceptOf, followedState, isSameReign, isSameTerm, mayAttach, type Way, wayToFollow } from './rules.ts'
import { upstreamOf } from './settings.ts'
import { beginStream } from './stream.ts'

/**
 * Follows a primary, as it is or from a new copy. Without a copy only when its
 * own WAL must be a prefix of that primary's: a node that has more would
 * acknowledge commits it does not have. Safe to repeat.
 *
 * @returns `needs-copy` when it waits for leave to copy.
 * @throws Refusal `PROMISED_HIGHER`, `NOT_A_MEMBER` or `OWN_LEADER`.
 */
export async function follow(node: Node, order: FollowOrder): Promise<FollowOutcome> {
  if (order.leader === node.config.NODE_NAME) throw refuse('OWN_LEADER')
  if (node.copy && isSameTerm(node.copy.term, order.term)) return { outcome: 'copying' }
  if (node.copy && node.copy.term.epoch < order.term.epoch) node.copy.abort.abort()
  return node.inTurn(async () => {
    accept(node, order)
    if (!node.store.read().directory || (node.needsCopy && isSameTerm(node.needsCopy, order.term))) return copyIf(node, order)
    const reading = await read(node.socket)
    if (!reading) return { outcome: 'not-ready' }
    if (isFollowing(node, order, reading)) return { outcome: 'attached' }
    const way = wayToFollow(node.config.NODE_NAME, node.store.read().followed, order)
    if (way === 'as-before' && reading.standby) return attach(node, order)
    return changeReign(node, order, way, reading)
  })
}

/** Written down before it is acted on. */
function accept(node: Node, order: FollowOrder): void {
  const state = node.store.read()
  const verdict = acceptOf(state, order)
  if (verdict === 'foreign') throw refuse('NOT_A_MEMBER')
  if (verdict === 'refused') throw refuse('PROMISED_HIGHER', { promise: state.promise })
  if (verdict === 'accepted') node.store.write({ promise: order.term, systemIdentifier: order.systemIdentifier })
}

function isFollowing(node: Node, { term, leader }: FollowOrder, { standby, conninfo }: Reading): boolean {
  const { followed } = node.store.read()
  return (
    standby && followed !== null && isSameReign(followed, { epoch: term.epoch, leader }) && upstreamOf(node.config, conninfo) === leader
  )
}

async function attach(node: Node, order: FollowOrder): Promise<FollowOutcome> {
  stillOrdered(node, order)
  const { leader, term } = order
  node.store.write(followedState(order))
  await beginStream(node, leader)
  node.log.info({ leader, epoch: term.epoch }, 'following')
  return { outcome: 'attached' }
}

/** A node that stands as it was prepared in this election need not stand still once more. */
async function changeReign(node: Node, order: FollowOrder, way: Way, now: Reading): Promise<FollowOutcome> {
  if (way !== 'as-sibling') {
    await letGo(node)
    return copyIf(node, order)
  }
  const { prepared } = node
  const stands = prepared && isSameTerm(prepared.term, order.term) && isUntouched(prepared.reading, now)
  const reading = stands ? now : await standStill(node)
  if (!reading) return { outcome: 'not-ready' }
  return mayAttach(way, reading.lsn, order) ? attach(node, order) : copyIf(node, order)
}

function copyIf(node: Node, order: FollowOrder): FollowOutcome {
  stillOrdered(node, order)
  node.needsCopy = order.term
  if (!order.mayCopy) return { outcome: 'needs-copy' }
  startCopy(node, order)
  return { outcome: 'copying' }
}
