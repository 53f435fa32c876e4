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
const LEAD_MS_MAX = 20_000
const LOOK_MS = 50

/**
 * Makes this node the leader of a new term, as an operator decided.
 *
 * The other node yields first, if it can be reached: whatever it was doing ends.
 * If it cannot, it acknowledges nothing any more, because this node stops
 * listening to it before it applies the last of what it was sent; and it yields
 * when it comes back, before it takes a write. Then this node leads, with
 * everything that was ever acknowledged; it takes writes as soon as there is
 * somebody to acknowledge them, or at once if it is to lead alone. Ordered
 * twice, it is done once.
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

async function lead(node: Node, wish: Wish): Promise<void> {
  const other = await node.peer.state()
  forbid(node.state(), other, wish)
  const term = Math.max(node.roles.read().term, other?.term ?? 0) + 1
  const order = { term, leader: node.place.name, alone: wish.alone ?? false }
  const yielded = other !== undefined && (await node.peer.yield(order))
  await node.inTurn(async () => {
    const applied = await visit(node.layout.socket, (connection) => drain(connection, DRAIN_MS_MAX), DRAIN_MS_MAX + LOOK_MS)
    if (!applied && !wish.acceptLoss) throw refuse('NOT_WHOLE')
    await node.roles.write({ ...order, joined: term })
  })
  node.log.warn({ term, yielded, alone: order.alone }, 'promoted')
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
  const { term } = node.roles.read()
  if (order.term < term) throw refuse('LATER_TERM', { term })
  if (order.term > term) await node.roles.write(order)
  if (!node.leads()) await node.killServer()
}
