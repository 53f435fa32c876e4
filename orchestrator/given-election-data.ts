import type { Bounds } from './given-election-bounds.ts'
import { changed } from './given-election-memo.ts'
import { isUp, type ModelNode, openReign, reignOfNode } from './given-election-node.ts'
import type { Product } from './given-election-product.ts'
import { characterOf, commitsOf } from './given-election-wal.ts'
import { hasLeft, type Step, type World, withNode, withSpent } from './given-election-world.ts'

/** Sales, what replication carries, and copies. */
export function dataSteps(world: World, bounds: Bounds, product: Product): Step[] {
  return world.nodes.flatMap((node) => [
    ...sold(world, node, bounds, product),
    ...received(world, node),
    ...(node.copy ? copied(world, node, product) : [])
  ])
}

/** A client commits wherever it finds a primary past its gate, be it the wrong one. */
function sold(world: World, node: ModelNode, bounds: Bounds, { habits }: Product): Step[] {
  if (!isUp(node) || openReign(node, habits) === 0 || !hasLeft(world, bounds, 'sales')) return []
  const reign = reignOfNode(node)
  const nr = commitsOf(node.wal, node.name, reign).length
  const sale = characterOf({ is: 'sale', by: node.name, reign, nr })
  return [
    {
      world: withSpent(withNode(world, { ...node, wal: node.wal + sale }), 'sales'),
      words: () => `${node.name} writes sale ${reign}.${nr}`
    }
  ]
}

/** The next entry of whoever answers under the address it asks, primary or not. */
function received(world: World, node: ModelNode): Step[] {
  const sender = world.nodes.find(({ name }) => name === node.upstream)
  if (!sender || node.postgres !== 'standby' || !isUp(node) || !isUp(sender)) return []
  if (node.wal.length >= sender.wal.length) return []
  if (sender.postgres !== 'primary' && !sender.wal.startsWith(node.wal)) return []
  const after = appended(node, sender.wal[node.wal.length]!)
  return [{ world: withNode(world, after), words: () => `${node.name} receives an entry from ${sender.name}` }]
}

function appended(node: ModelNode, entry: string): ModelNode {
  return changed(node, entry, () => ({ ...node, wal: node.wal + entry }))
}

function copied(world: World, node: ModelNode, { rules }: Product): Step[] {
  const { order, wal } = node.copy!
  const leader = world.nodes.find(({ name }) => name === order.leader)!
  const step = (after: ModelNode, words: string): Step[] => [{ world: withNode(world, after), words: () => `${node.name} ${words}` }]
  if (node.frozen) return []
  if (!isUp(leader) || leader.postgres !== 'primary') return step({ ...node, copy: null }, 'gives up its copy')
  if (wal === null) return step({ ...node, copy: { order, wal: leader.wal } }, `has copied ${leader.name}`)
  const whole = leader.wal.startsWith(wal) ? leader.wal : wal
  if (whole.length < leader.wal.length) return step({ ...node, copy: null }, 'gives up its copy')
  const remembered = { ...node.remembered, ...rules.followedState(order) }
  const rest = { prepared: null, needsCopy: null, copy: null, upstream: leader.name, visible: 0 }
  return step({ ...node, ...rest, remembered, wal: whole, postgres: 'standby' }, `takes its copy of ${leader.name} for its data`)
}
