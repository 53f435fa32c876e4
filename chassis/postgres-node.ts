import { type Static, Type } from 'typebox'

/** The number of a reign, and the election it came from. The node remembers the highest one it was asked about. */
export const Term = Type.Object({ epoch: Type.Integer({ minimum: 0 }), id: Type.String({ maxLength: 64 }) })
export type Term = Static<typeof Term>

/** Whom a node last followed, or that it led itself. */
export const Followed = Type.Object({ epoch: Type.Integer(), leader: Type.String() })
export type Followed = Static<typeof Followed>

/** Where a primary stood when it was promoted: who may follow it without a new copy is told by this. `lsn` in bytes. */
export const LedFrom = Type.Object({ followed: Type.Union([Followed, Type.Null()]), lsn: Type.Number() })
export type LedFrom = Static<typeof LedFrom>

const Role = Type.Union([
  Type.Literal('empty'),
  Type.Literal('down'),
  Type.Literal('silent'),
  Type.Literal('standby'),
  Type.Literal('primary')
])

/**
 * What an agent tells about its node. `down`: its PostgreSQL ended, or is only
 * starting; either way it does not commit. `silent`: it runs and does not answer in
 * time, frozen or stalled, and nobody can say what it would still do.
 */
export const NodeState = Type.Object({
  node: Type.String(),
  role: Role,
  systemIdentifier: Type.Union([Type.String(), Type.Null()]),
  promise: Term,
  followed: Type.Union([Followed, Type.Null()]),
  ledFrom: Type.Union([LedFrom, Type.Null()]),
  /** The newest row of `reign` in its own data; 0 while there is none. */
  rowEpoch: Type.Union([Type.Integer(), Type.Null()]),
  lsn: Type.Union([Type.Number(), Type.Null()]),
  upstream: Type.Union([Type.String(), Type.Null()]),
  streaming: Type.Boolean(),
  copying: Type.Boolean(),
  /** How far a copy under way is, as the primary counted its data when it began. */
  copyProgress: Type.Optional(Type.Object({ bytes: Type.Number(), totalBytes: Type.Number() })),
  /** It was ordered to follow in the reign it promised, and can only do so from a new copy. */
  needsCopy: Type.Boolean()
})
export type NodeState = Static<typeof NodeState>

/** What a prepared node answers: nothing will be added to this before the next order. */
export const Prepared = Type.Object({ rowEpoch: Type.Integer(), lsn: Type.Number() })
export type Prepared = Static<typeof Prepared>

export const FollowOrder = Type.Object({
  term: Term,
  leader: Type.String(),
  systemIdentifier: Type.String(),
  ledFrom: LedFrom,
  mayCopy: Type.Boolean()
})
export type FollowOrder = Static<typeof FollowOrder>

export const FollowOutcome = Type.Object({
  outcome: Type.Union([Type.Literal('attached'), Type.Literal('copying'), Type.Literal('needs-copy'), Type.Literal('not-ready')])
})
export type FollowOutcome = Static<typeof FollowOutcome>
