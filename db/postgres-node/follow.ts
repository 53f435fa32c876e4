import { isDeepStrictEqual } from 'node:util'
import type { Followed, FollowOrder, FollowOutcome } from '../../chassis/postgres-node.ts'
import { nodeAt } from './config.ts'
import { startCopy } from './copy.ts'
import type { Node } from './node.ts'
import { standStill } from './prepare.ts'
import { type Reading, read, readSettled } from './reading.ts'
import { refuse } from './refusals.ts'

const SETTLE_MS_MAX = 2_000

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
  if (node.copy && isDeepStrictEqual(node.copy.term, order.term)) return { outcome: 'copying' }
  if (node.copy && node.copy.term.epoch < order.term.epoch) node.copy.abort.abort()
  return node.inTurn(async () => {
    accept(node, order)
    if (!node.store.read().directory || isDeepStrictEqual(node.needsCopy, order.term)) return copyIf(node, order)
    const reading = await read(node.socket)
    if (!reading) return { outcome: 'not-ready' }
    if (isFollowing(node, order, reading)) return { outcome: 'attached' }
    const way = wayToFollow(node.config.NODE_NAME, node.store.read().followed, order)
    if (way === 'as-before' && reading.standby) return attach(node, order)
    return changeReign(node, order, way)
  })
}

/** Written down before it is acted on. */
function accept(node: Node, { term, systemIdentifier }: FollowOrder): void {
  const state = node.store.read()
  const same = isDeepStrictEqual(state.promise, term)
  if (state.systemIdentifier !== null && state.systemIdentifier !== systemIdentifier) throw refuse('NOT_A_MEMBER')
  if (!same && term.epoch <= state.promise.epoch) throw refuse('PROMISED_HIGHER', { promise: state.promise })
  if (!same || state.systemIdentifier === null) node.store.write({ promise: term, systemIdentifier })
}

function isSameReign({ store }: Node, { term, leader }: FollowOrder): boolean {
  return isDeepStrictEqual(store.read().followed, { epoch: term.epoch, leader })
}

export function isFollowing(node: Node, order: FollowOrder, { standby, conninfo }: Reading): boolean {
  return standby && isSameReign(node, order) && upstreamOf(node, conninfo) === order.leader
}

/** Whom a connection string leads to. */
export function upstreamOf({ config }: Node, conninfo: string): string | null {
  const address = /host=(\S+)/.exec(conninfo)?.[1]
  return address === undefined ? null : (nodeAt(config, address) ?? null)
}

async function attach(node: Node, { leader, term }: FollowOrder): Promise<FollowOutcome> {
  node.prepared = undefined
  node.needsCopy = undefined
  node.store.write({ followed: { epoch: term.epoch, leader }, ledFrom: null })
  await node.server.attach(leader, node.config.NODE_NAME)
  node.log.info({ leader, epoch: term.epoch }, 'following')
  return { outcome: 'attached' }
}

/**
 * How this node's WAL relates to that of a new primary, by what both followed last.
 *
 * @returns `as-before`: it is a prefix, it followed this very reign. `as-sibling`: it is
 *   one up to where the new primary began to write, as both came from one primary's reign,
 *   be it as followers, be it that the new primary led it itself and goes on from its own end.
 *   `by-copy`: nobody knows; and who led last may hold what no one else ever saw.
 */
export function wayToFollow(self: string, followed: Followed | null, { term, leader, ledFrom }: FollowOrder): Way {
  if (followed === null || followed.leader === self) return 'by-copy'
  if (isDeepStrictEqual(followed, { epoch: term.epoch, leader })) return 'as-before'
  return isDeepStrictEqual(followed, ledFrom.followed) ? 'as-sibling' : 'by-copy'
}

type Way = 'as-before' | 'as-sibling' | 'by-copy'

async function changeReign(node: Node, order: FollowOrder, way: Way): Promise<FollowOutcome> {
  await standStill(node)
  if (way !== 'as-sibling') return copyIf(node, order)
  const reading = await readSettled(node.socket, SETTLE_MS_MAX)
  if (!reading) return { outcome: 'not-ready' }
  return reading.lsn <= order.ledFrom.lsn ? attach(node, order) : copyIf(node, order)
}

function copyIf(node: Node, order: FollowOrder): FollowOutcome {
  node.needsCopy = order.term
  if (!order.mayCopy) return { outcome: 'needs-copy' }
  startCopy(node, order)
  return { outcome: 'copying' }
}
