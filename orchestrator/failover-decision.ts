import type { FollowOrder, NodeState, Prepared, Term } from '../chassis/postgres-node.ts'

/** How long what may be waited for. Below them all, an answer is late; beyond, something else is tried. */
export const LIMITS = {
  /** A primary that has not committed for this long is suspected. A commit takes milliseconds; on a machine short of processors, hundreds. */
  silenceMs: 1_500,
  /** The same where nobody listens any more: the kernel itself says that there is no server. */
  refusedMs: 400,
  /** At the start of everything two nodes wait this long for the third, which may be spared a copy by it. */
  thirdMs: 2_000,
  /** Two prepared nodes wait this long for one that is being prepared. */
  graceMs: 300,
  /** A node that was ordered to reign does so by then, or another election finds out. */
  promoteMs: 4_000,
  /** After this an election is over, whatever it came to. */
  electionMs: 10_000,
  /** Longer than a first commit takes whose followers only have to connect. */
  gateMs: 6_000,
  /** A node that is down this long while a primary waits for followers is not waited for. */
  downMs: 5_000,
  /** A wish for a switchover that could not be begun by then is forgotten. */
  wishMs: 5_000,
  /** A loss is accepted for so long. */
  lossMs: 20_000
} as const

/** What commits on one node told, beside what its agent says. */
export interface Pulse {
  /** The reign it leads, as its own data say; null where it leads none, or nobody knows. */
  epoch: number | null
  /** Since something was last committed there. Counted in the controller's own passes, so that its own lag is nobody's silence. */
  silentMs: number
  /** Nobody listens there. */
  refused: boolean
}

export interface SeenNode {
  node: string
  /** What its agent says; nothing where none answers. */
  state: NodeState | undefined
  pulse: Pulse
}

/** What the controller sees in one pass. */
export interface Observation {
  nowMs: number
  nodes: SeenNode[]
  memory: Memory
  /** The id of an election, should one begin now. */
  newId: string
}

export interface Election {
  term: Term
  sinceMs: number
  /** How many prepared nodes are enough: two, or one where a person has accepted a loss. */
  quorum: 1 | 2
  /** Not prepared: the primary that a switchover takes the reign from. */
  without: string | undefined
  /** What the prepared nodes hold. */
  reports: Readonly<Record<string, Prepared>>
  /** Ordered to reign. One node in one term, whatever became of the order: another one needs a later term. */
  promoted: { node: string; atMs: number } | undefined
}

/** What a person asked for. It is done once, or not at all. */
export type Wish = { wants: 'switchover'; untilMs: number } | { wants: 'accept-loss'; survivor: string; untilMs: number }

/** What one pass leaves to the next. All of it may be forgotten: the promises of the nodes keep what must not be. */
export interface Memory {
  election: Election | undefined
  /** Since when two nodes could be prepared. */
  preparableSinceMs: number | undefined
  ungated: { epoch: number; sinceMs: number } | undefined
  /** Since when clients may enter the reign in force: what its node did before is no silence of this reign. */
  open: { epoch: number; sinceMs: number } | undefined
  /** How far the followers had received, and when that last grew. */
  received: { lsn: number; atMs: number } | undefined
  wish: Wish | undefined
  /** The highest number that an election of this controller took: of those who promised it nobody may be in sight any more. */
  taken: number
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
  /** Nothing will change until a person or a machine comes to help. */
  loud?: boolean
  actions: Action[]
  memory: Memory
}

export const NOTHING_YET: Memory = {
  election: undefined,
  preparableSinceMs: undefined,
  ungated: undefined,
  open: undefined,
  received: undefined,
  wish: undefined,
  taken: 0
}

/** The highest number anybody has heard of. A new reign lies above it. */
export function promised(states: NodeState[]): number {
  return Math.max(0, ...states.flatMap(({ promise, followed, rowEpoch }) => [promise.epoch, followed?.epoch ?? 0, rowEpoch ?? 0]))
}

/**
 * Somebody promised a reign that nobody follows yet, or a twin of it, from another
 * election of the same number: the one in force cannot be followed by all.
 */
export function promisedBeyond(states: NodeState[]): boolean {
  const promise = Math.max(0, ...states.map((state) => state.promise.epoch))
  return states.length > 0 && (promise > Math.max(...states.map(reignOf)) || areTwins(states))
}

/** Two elections took one number, each unseen by the other. */
export function areTwins(states: NodeState[]): boolean {
  const promise = Math.max(0, ...states.map((state) => state.promise.epoch))
  return new Set(states.flatMap((state) => (state.promise.epoch === promise ? state.promise.id : []))).size > 1
}

/** The reign that a node leads or follows, as it wrote it down. */
export function reignOf({ followed }: NodeState): number {
  return followed?.epoch ?? 0
}

/** It could be prepared: it answers, and knows what it has. */
export function isReady({ role, rowEpoch }: NodeState): boolean {
  return (role === 'standby' || role === 'primary') && rowEpoch !== null
}
