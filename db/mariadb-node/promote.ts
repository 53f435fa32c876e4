import { setTimeout as sleep } from 'node:timers/promises'
import { drain } from './follow.ts'
import type { Node } from './node.ts'
import type { NodeState, Order } from './peer.ts'
import { refuse } from './refusals.ts'
import { visit } from './visit.ts'

/** What an operator adds to the order. */
export interface Wish {
  /** The leader commits without a replica, until the operator takes this back. Unsaid: as it was. */
  alone?: boolean
  /** Although the primary answers and takes writes. */
  force?: boolean
  /** Although this node cannot show that it has everything that was acknowledged. */
  acceptLoss?: boolean
}

const DRAIN_MS_MAX = 30_000
const FENCE_MS_MAX = 3_000
const LEAD_MS_MAX = 20_000
const LOOK_MS = 50

/**
 * Makes this node the leader of a new term, as an operator decided.
 *
 * This node stops listening to the other one, which then acknowledges nothing
 * any more, whether it can be reached or not; it applies the last of what it was
 * sent, writes down that it leads, and only then tells the other node, which
 * ends whatever it was doing. Nobody else hears of the promotion before all of
 * that is done, so one that breaks off has not happened, and what is not in this
 * node's data yet is still in the other's. If the other node cannot be reached,
 * it yields when it comes back, before it takes a write. The leader takes writes
 * as soon as there is somebody to acknowledge them, or at once if it is to lead
 * alone. Ordered twice, it is done once.
 *
 * @throws Refusal RUNS_ALONE, PRIMARY_IS_WELL or NOT_WHOLE, and nothing has changed; NOT_YET when it goes on by itself.
 */
export async function promote(node: Node, wish: Wish): Promise<NodeState> {
  const { alone } = wish
  if (!node.leads()) await lead(node, wish)
  else if (alone !== undefined) await node.inTurn(() => node.roles.write({ alone }))
  for (const deadline = performance.now() + LEAD_MS_MAX; performance.now() < deadline; await sleep(LOOK_MS)) {
    await node.tendOnce()
    if (node.state().status) return node.state()
  }
  throw refuse('NOT_YET', { missing: node.state().missing })
}

/** All in one turn: between the looks at what this node has and the new role, nothing starts its server again. */
async function lead(node: Node, wish: Wish): Promise<void> {
  await node.inTurn(async () => {
    if (node.leads()) return
    const other = await node.peer.state()
    forbid(node.state(), other, wish)
    const term = Math.max(node.roles.read().term, other?.term ?? 0) + 1
    const order = { term, leader: node.place.name, alone: wish.alone ?? false }
    const applied = await applyAll(node)
    if (applied === undefined || !(applied || wish.acceptLoss)) throw refuse('NOT_WHOLE')
    await node.roles.write({ ...order, joined: term })
    const yielded = other !== undefined && (await node.peer.yield(order))
    node.log.warn({ term, yielded, alone: order.alone }, 'promoted')
  })
}

/** @returns Whether all that was received is applied; undefined: the server does not say. */
async function applyAll({ layout, log }: Node): Promise<boolean | undefined> {
  try {
    return await visit(layout.socket, (connection) => drain(connection, DRAIN_MS_MAX), DRAIN_MS_MAX + FENCE_MS_MAX)
  } catch (err) {
    log.warn({ err }, 'not promoted: the server went away meanwhile')
  }
}

function forbid(own: NodeState, other: NodeState | undefined, { force, acceptLoss }: Wish): void {
  if (own.alone || other?.alone) throw refuse('RUNS_ALONE')
  if (other?.leader === other?.name && other?.status?.readOnly === false && !force) throw refuse('PRIMARY_IS_WELL')
  const applies = own.replication?.sql === 'Yes' && own.replication.sqlErrno === 0
  if (!(own.whole && applies) && !acceptLoss) throw refuse('NOT_WHOLE', { missing: own.missing })
}

/**
 * Ends what this node did as a primary, for good: the server is killed, whatever
 * it is doing, and comes back as a replica that has cut off what nobody acknowledged.
 *
 * @throws Refusal LATER_TERM.
 */
export async function yieldTo(node: Node, order: Order): Promise<void> {
  const { term, leader } = node.roles.read()
  if (order.term < term || (order.term === term && order.leader !== leader)) throw refuse('LATER_TERM', { term })
  if (order.term > term) await node.roles.write(order)
  if (!node.leads()) await node.killServer()
}
