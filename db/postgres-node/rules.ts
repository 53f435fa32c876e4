import type { Followed, FollowOrder, Term } from '../../chassis/postgres-node.ts'
import type { State } from './state.ts'

/**
 * Whether a node may promise to take part in an election. `again` is the same
 * question, repeated: it gets the answer of now, but not once the node is in
 * that reign, as there is nothing left to elect.
 */
export function grantOf({ promise, followed }: Pick<State, 'promise' | 'followed'>, term: Term): 'granted' | 'again' | 'refused' {
  if (isSameTerm(promise, term)) return (followed?.epoch ?? 0) < term.epoch ? 'again' : 'refused'
  return term.epoch > promise.epoch ? 'granted' : 'refused'
}

/** What an order to follow is to a node. `accepted` is written down before it is acted on; `known` was; `foreign` comes from another cluster. */
export function acceptOf(
  { promise, systemIdentifier }: Pick<State, 'promise' | 'systemIdentifier'>,
  order: FollowOrder
): 'accepted' | 'known' | 'refused' | 'foreign' {
  if (systemIdentifier !== null && systemIdentifier !== order.systemIdentifier) return 'foreign'
  if (isSameTerm(promise, order.term)) return systemIdentifier === null ? 'accepted' : 'known'
  return order.term.epoch > promise.epoch ? 'accepted' : 'refused'
}

export type Way = 'as-before' | 'as-sibling' | 'by-copy'

/**
 * How a node's WAL relates to that of a new primary, by what both followed last.
 *
 * @returns `as-before`: it is a prefix, it followed this very reign. `as-sibling`: it is
 *   one up to where the new primary began to write, as both came from one primary's reign,
 *   be it as followers, be it that the new primary led it itself and goes on from its own end.
 *   `by-copy`: nobody knows; and who led last may hold what no one else ever saw.
 */
export function wayToFollow(self: string, followed: Followed | null, { term, leader, ledFrom }: FollowOrder): Way {
  if (followed === null || followed.leader === self) return 'by-copy'
  if (isSameReign(followed, { epoch: term.epoch, leader })) return 'as-before'
  return ledFrom.followed !== null && isSameReign(followed, ledFrom.followed) ? 'as-sibling' : 'by-copy'
}

/**
 * Whether a node whose own WAL ends at `lsn` may follow without a copy. One that
 * has more than its primary would acknowledge commits that it does not have.
 *
 * @param lsn - In bytes of WAL.
 */
export function mayAttach(way: Way, lsn: number, { ledFrom }: FollowOrder): boolean {
  return way === 'as-before' || (way === 'as-sibling' && lsn <= ledFrom.lsn)
}

/** Whether a node may begin to reign: only in the term it last promised, and standing as it stood when it was prepared. */
export function mayPromote(
  { promise, followed, ledFrom }: Pick<State, 'promise' | 'followed' | 'ledFrom'>,
  prepared: Term | undefined,
  term: Term
): 'promote' | 'done' | 'refused' {
  if (!isSameTerm(promise, term)) return 'refused'
  if (followed?.epoch === term.epoch && ledFrom !== null) return 'done'
  return prepared !== undefined && isSameTerm(prepared, term) ? 'promote' : 'refused'
}

/** Whether a node may make the first commit of a reign: only of the one it leads, and as long as it promised no later one. */
export function mayGate({ promise, followed }: Pick<State, 'promise' | 'followed'>, self: string, epoch: number): boolean {
  return promise.epoch === epoch && followed?.epoch === epoch && followed.leader === self
}

/** Whether a node may create the cluster. `resume`: it did, and if nobody ever reigned over those data it may go on. */
export function mayCreate(
  self: string,
  { promise, directory, followed }: Pick<State, 'promise' | 'directory' | 'followed'>,
  term: Term
): 'create' | 'resume' | 'refused' | 'has-data' {
  if (term.epoch <= promise.epoch) return 'refused'
  if (!directory) return 'create'
  return followed?.leader === self ? 'resume' : 'has-data'
}

/** What a node writes down before it is promoted: whose reign it followed until now, and where its own begins to write. */
export function ledState({ followed }: Pick<State, 'followed'>, self: string, { epoch }: Term, lsn: number): Partial<State> {
  return { followed: { epoch, leader: self }, ledFrom: { followed, lsn } }
}

/** What a node writes down before it attaches to a primary. */
export function followedState({ term, leader }: FollowOrder): Partial<State> {
  return { followed: { epoch: term.epoch, leader }, ledFrom: null }
}

export function isSameTerm(a: Term, b: Term): boolean {
  return a.epoch === b.epoch && a.id === b.id
}

export function isSameReign(a: Followed, b: Followed): boolean {
  return a.epoch === b.epoch && a.leader === b.leader
}
