import type { FollowOrder, FollowOutcome, LedFrom, NodeState, Prepared, Term } from '../chassis/postgres-node.ts'
import { eventually, type TestNodes } from './test-nodes.ts'

const GATE_MS_MAX = 20_000

/** A reign that was begun by hand, order by order, as the controller would. */
export interface TestReign {
  leader: string
  term: Term
}

/** Creates the cluster on the first node; the others copy it. */
export async function firstReign(nodes: TestNodes): Promise<TestReign> {
  const term = { epoch: 1, id: 'bootstrap' }
  await eventually(async () => (await nodes.states()).length === 3)
  await nodes.order('pg1', '/bootstrap', term)
  const reign = { leader: 'pg1', term }
  await gate(nodes, reign, othersThan(reign))
  await untilAllStream(nodes)
  return reign
}

/** A copy that is tried out streams too, and is nobody's data yet. */
export async function untilAllStream(nodes: TestNodes): Promise<void> {
  await eventually(async () => (await nodes.states()).filter(({ streaming, copying }) => streaming && !copying).length === 2)
}

/** Prepares these nodes, promotes the one that has most, and lets the others follow. */
export async function elect(nodes: TestNodes, epoch: number, among: string[]): Promise<TestReign> {
  const reign = await promoteBest(nodes, epoch, await prepareAll(nodes, epoch, among))
  await gate(
    nodes,
    reign,
    among.filter((node) => node !== reign.leader)
  )
  return reign
}

/** What each of them answers. @throws Refusal of the first that refused. */
export async function prepareAll(nodes: TestNodes, epoch: number, among: string[]): Promise<Array<Prepared & { node: string }>> {
  return Promise.all(among.map(async (node) => ({ node, ...(await nodes.order<Prepared>(node, '/prepare', termOf(epoch))) })))
}

export async function promoteBest(nodes: TestNodes, epoch: number, prepared: Array<Prepared & { node: string }>): Promise<TestReign> {
  const [best] = prepared.toSorted((a, b) => b.rowEpoch - a.rowEpoch || b.lsn - a.lsn)
  const reign = { leader: (best as { node: string }).node, term: termOf(epoch) }
  await nodes.order(reign.leader, '/promote', reign.term)
  return reign
}

/** The others follow, and the first commit of the reign is made. */
export async function gate(nodes: TestNodes, reign: TestReign, followers: string[]): Promise<void> {
  await Promise.all(followers.map((node) => follow(nodes, reign, node)))
  const { leader, term } = reign
  await nodes.order(leader, '/gate', { epoch: term.epoch })
  await eventually(async () => (await nodes.stateOf(leader)).rowEpoch === term.epoch, GATE_MS_MAX)
}

export async function follow(
  nodes: TestNodes,
  { leader, term }: TestReign,
  node: string,
  { mayCopy } = { mayCopy: true }
): Promise<FollowOutcome['outcome']> {
  const { systemIdentifier, ledFrom } = (await nodes.stateOf(leader)) as NodeState & { systemIdentifier: string }
  const order: FollowOrder = { term, leader, systemIdentifier, ledFrom: ledFrom as LedFrom, mayCopy }
  return (await nodes.order<FollowOutcome>(node, '/follow', order)).outcome
}

/** Everybody else follows, from a copy if need be, and streams. */
export async function heal(nodes: TestNodes, reign: TestReign): Promise<void> {
  for (const node of othersThan(reign)) await eventually(async () => (await follow(nodes, reign, node)) === 'attached')
  await untilAllStream(nodes)
}

export function othersThan({ leader }: TestReign): [string, string] {
  return ['pg1', 'pg2', 'pg3'].filter((node) => node !== leader) as [string, string]
}

function termOf(epoch: number): Term {
  return { epoch, id: `election-${epoch}` }
}
