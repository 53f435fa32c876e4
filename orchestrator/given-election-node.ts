import type { FollowOrder, NodeState, Prepared, Term } from '../chassis/postgres-node.ts'
import type { State } from '../db/postgres-node/state.ts'
import type { Habits } from './given-election-product.ts'
import { newestRow } from './given-election-wal.ts'

/** One node: what its agent wrote down, what its data hold, and what its processes are at. */
export interface ModelNode {
  name: string
  /** Outlives everything. */
  remembered: State
  wal: string
  /** `down`: the machine stands still, nobody answers there. */
  postgres: 'standby' | 'primary' | 'down'
  /** PostgreSQL stands still and keeps its connections; the agent lives. */
  frozen: boolean
  /** Whom its walreceiver asks for more. It asks an address: whatever that node has become since. */
  upstream: string | null
  prepared: Term | null
  needsCopy: Term | null
  copy: { order: FollowOrder; wal: string | null } | null
  /** On a primary: how many entries of its WAL transactions may see, because another node has them, or it began with them. */
  visible: number
  /** For the checks: the last election that it reported to, while that is beyond its reign. */
  reported: number
}

const IDENTIFIER = '1'

/** A node in the first reign of a cluster. */
export function givenNode(name: string, leader: string, wal: string): ModelNode {
  const leads = name === leader
  const followed = { epoch: 1, leader }
  return {
    name,
    remembered: {
      systemIdentifier: IDENTIFIER,
      directory: 'data',
      promise: { epoch: 1, id: 'bootstrap' },
      followed,
      ledFrom: leads ? { followed, lsn: 0 } : null
    },
    wal,
    postgres: leads ? 'primary' : 'standby',
    frozen: false,
    upstream: leads ? null : leader,
    prepared: null,
    needsCopy: null,
    copy: null,
    visible: leads ? wal.length : 0,
    reported: 0
  }
}

export function reignOfNode({ remembered }: ModelNode): number {
  return remembered.followed?.epoch ?? 0
}

export function isUp({ postgres, frozen }: ModelNode): boolean {
  return postgres !== 'down' && !frozen
}

/** The reign that clients take this node for the primary of; 0 when they do not. */
export function openReign(node: ModelNode, { waitsForGate }: Habits): number {
  if (node.postgres !== 'primary') return 0
  const reign = reignOfNode(node)
  if (!waitsForGate) return reign
  const row = newestRow(node.wal.slice(0, node.visible))
  return row && row.node === node.name && row.reign === reign ? row.epoch : 0
}

/** What it answers when it is prepared, and what reading.ts reads. */
export function reportOf({ postgres, wal, visible, remembered }: ModelNode, { readsRow }: Habits): Prepared {
  const seen = postgres === 'primary' ? wal.slice(0, visible) : wal
  const rowEpoch = readsRow ? (newestRow(seen)?.epoch ?? 0) : (remembered.followed?.epoch ?? 0)
  return { rowEpoch, lsn: wal.length }
}

/** What look.ts tells the controller. */
export function stateOf(node: ModelNode, nodes: readonly ModelNode[], habits: Habits): NodeState {
  const { name, remembered, postgres, upstream, copy, needsCopy } = node
  const up = isUp(node)
  const { directory: _, ...known } = remembered
  const sender = nodes.find((one) => one.name === upstream)
  return {
    node: name,
    role: up && postgres !== 'down' ? postgres : node.frozen ? 'silent' : 'down',
    ...known,
    rowEpoch: up ? reportOf(node, habits).rowEpoch : null,
    lsn: up ? node.wal.length : null,
    upstream: up && postgres === 'standby' ? upstream : null,
    streaming: up && postgres === 'standby' && sender !== undefined && isUp(sender),
    copying: copy !== null,
    needsCopy: needsCopy !== null && needsCopy.epoch === remembered.promise.epoch && needsCopy.id === remembered.promise.id
  }
}

/** Everything that only processes knew is gone. */
export function crashed(node: ModelNode, { keepsPromises }: Habits): ModelNode {
  const { remembered } = node
  const epoch = remembered.followed?.epoch ?? 0
  const promise = keepsPromises || remembered.promise.epoch === epoch ? remembered.promise : { epoch, id: 'forgotten' }
  return { ...agentRestarted(node), remembered: { ...remembered, promise }, postgres: 'down', frozen: false, upstream: null, visible: 0 }
}

/** The agent ended and came back; its PostgreSQL did not notice. */
export function agentRestarted(node: ModelNode): ModelNode {
  return { ...node, prepared: null, needsCopy: null, copy: null }
}

export function started(node: ModelNode): ModelNode {
  return { ...node, postgres: 'standby', frozen: false, upstream: null, prepared: null, visible: 0 }
}
