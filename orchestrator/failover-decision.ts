import type { FollowOrder, NodeState, Prepared, Term } from '../chassis/postgres-node.ts'

/** What the controller sees in one pass: the state of each node, or nothing where no agent answered. */
export interface Observation {
  nowMs: number
  nodes: Array<{ node: string; state: NodeState | undefined }>
  memory: Memory
  /** The id of an election, should one begin now. */
  newId: string
}

export interface Election {
  term: Term
  sinceMs: number
  /** What the prepared nodes hold. */
  reports: Readonly<Record<string, Prepared>>
  /** Ordered to reign. One node in one term, whatever became of the order: another one needs a later term. */
  promoted: string | undefined
}

/** What one pass leaves to the next. All of it may be forgotten: the promises of the nodes keep what must not be. */
export interface Memory {
  election: Election | undefined
  twoReadySinceMs: number | undefined
  ungated: { epoch: number; sinceMs: number } | undefined
}

export type Action =
  | { order: 'bootstrap'; node: string; term: Term }
  | { order: 'prepare'; node: string; term: Term }
  | { order: 'promote'; node: string; term: Term }
  | { order: 'follow'; node: string; follow: FollowOrder }
  | { order: 'gate'; node: string; epoch: number }

export interface Decision {
  /** In one constant phrase, what the cluster is at or waits for. */
  says: string
  actions: Action[]
  memory: Memory
}

export const NOTHING_YET: Memory = { election: undefined, twoReadySinceMs: undefined, ungated: undefined }

/** The highest number anybody has heard of. A new reign lies above it. */
export function promised(states: NodeState[]): number {
  return Math.max(0, ...states.flatMap(({ promise, followed, rowEpoch }) => [promise.epoch, followed?.epoch ?? 0, rowEpoch ?? 0]))
}
