import { type Action, type Memory, NOTHING_YET } from './failover-decision.ts'
import { type Bounds, NOTHING_HAPPENS, type Spent } from './given-election-bounds.ts'
import { changed } from './given-election-memo.ts'
import { givenNode, isUp, type ModelNode, reignOfNode } from './given-election-node.ts'
import type { Habits } from './given-election-product.ts'
import { characterOf, commitsOf } from './given-election-wal.ts'

/** Everything there is at one moment. Never changed: what follows from it is another one. */
export interface World {
  nodes: readonly ModelNode[]
  /** What each controller remembers. */
  memories: readonly Memory[]
  /** Orders under way, each at most once, in one order. */
  orders: readonly Action[]
  told: Told
  spent: Spent
}

/** What the checks remember, and nobody in the world. */
export interface Told {
  /** Entries of WAL that somebody was told about. */
  acknowledged: string
  /** Who was promoted in which term. */
  promoted: Readonly<Record<number, string>>
}

export interface Step {
  world: World
  words: () => string
}

export function firstWorld({ controllers, leader }: Bounds): World {
  const row = { is: 'row', by: leader, reign: 1, epoch: 1, node: leader } as const
  const wal = characterOf({ is: 'start', by: leader, reign: 1 }) + characterOf(row)
  const { inFlight: _, controllers: __, leader: ___, ...spent } = NOTHING_HAPPENS
  return {
    nodes: ['pg1', 'pg2', 'pg3'].map((name) => givenNode(name, leader, wal)),
    memories: Array.from({ length: controllers }, () => NOTHING_YET),
    orders: [],
    told: { acknowledged: '', promoted: { 1: leader } },
    spent
  }
}

export function withNode(world: World, node: ModelNode): World {
  return { ...world, nodes: world.nodes.map((one) => (one.name === node.name ? node : one)) }
}

export function withSpent(world: World, what: keyof Spent, amount = 1): World {
  if (amount === 0) return world
  const spent = changed(world.spent, `${what} ${amount}`, () => ({ ...world.spent, [what]: world.spent[what] + amount }))
  return { ...world, spent }
}

export function hasLeft({ spent }: World, bounds: Bounds, what: keyof Spent, amount = 1): boolean {
  return spent[what] + amount <= bounds[what]
}

/** Who is told by a standby, in its own name, how far that has flushed. */
export function followersOf(primary: ModelNode, { nodes }: World): ModelNode[] {
  return nodes.filter((node) => node.upstream === primary.name && node.postgres === 'standby' && !node.frozen)
}

/**
 * A commit counts from the moment at which a follower has flushed it: earlier than
 * anybody hears of it, so that what must not be lost is never too little.
 */
export function acknowledged(world: World, habits: Habits): World {
  let after = world
  for (const primary of world.nodes) {
    if (primary.postgres !== 'primary' || !isUp(primary)) continue
    const visible = Math.min(primary.wal.length, Math.max(primary.visible, ...flushedBy(primary, world, habits)))
    if (visible === primary.visible) continue
    const sales = commitsOf(primary.wal.slice(0, visible), primary.name, reignOfNode(primary))
    const fresh = sales.filter((sale) => !after.told.acknowledged.includes(sale))
    if (fresh.length > 0)
      after = { ...after, told: { ...after.told, acknowledged: [...after.told.acknowledged, ...fresh].sort().join('') } }
    after = withNode(
      after,
      changed(primary, `${visible} visible`, () => ({ ...primary, visible }))
    )
  }
  return after
}

function flushedBy(primary: ModelNode, world: World, { hidesCopies }: Habits): number[] {
  const copies = hidesCopies ? [] : world.nodes.filter((node) => isUp(node) && node.copy?.order.leader === primary.name)
  return [...followersOf(primary, world).map(({ wal }) => wal.length), ...copies.map(() => primary.wal.length)]
}
