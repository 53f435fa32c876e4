import { NOTHING_HAPPENS } from './given-election-bounds.ts'
import { dataSteps } from './given-election-data.ts'
import { isUp, openReign, started, stateOf } from './given-election-node.ts'
import { carriedOut } from './given-election-orders.ts'
import type { Product } from './given-election-product.ts'
import { REFUSED } from './given-election-traffic.ts'
import { acknowledged, followersOf, type World, withNode } from './given-election-world.ts'

const ROUND_MS = 1_000
const SILENT_MS = 3_600_000
const ENTRIES_MAX = 100

/**
 * Nothing breaks any more: nodes come back, or all but one do, orders and their
 * answers arrive, a second passes between two looks of a controller.
 *
 * @returns After how many looks clients find a primary that commits; nothing when they do not.
 */
export function roundsUntilOpen(from: World, product: Product, roundsMax: number): number | undefined {
  const dead = from.nodes.find(({ postgres }) => postgres === 'down')?.name
  let world: World = { ...from, orders: [], nodes: from.nodes.map((node) => (node.name === dead || isUp(node) ? node : back(node))) }
  for (let round = 0; round <= roundsMax; round++) {
    world = received(world, product)
    if (isOpen(world, product)) return round
    world = obeyed(world, round, product)
  }
  return undefined
}

function back(node: World['nodes'][number]): World['nodes'][number] {
  return node.frozen ? { ...node, frozen: false } : started(node)
}

function isOpen(world: World, { habits }: Product): boolean {
  const newest = Math.max(...world.nodes.filter(isUp).map(({ remembered }) => remembered.promise.epoch))
  return world.nodes.some(
    (node) => isUp(node) && openReign(node, habits) === newest && followersOf(node, world).some(({ wal }) => wal.length === node.wal.length)
  )
}

function received(world: World, product: Product): World {
  let now = acknowledged(world, product.habits)
  for (let entries = 0; entries < ENTRIES_MAX; entries++) {
    const [step] = dataSteps(now, NOTHING_HAPPENS, product)
    if (!step) return now
    now = acknowledged(step.world, product.habits)
  }
  return now
}

function obeyed(world: World, round: number, product: Product): World {
  const memory = world.memories[0]!
  const nodes = world.nodes.map((node) => ({ node: node.name, state: seenOf(node, world, product), pulse: pulseOf(node, world, product) }))
  const { actions, memory: after } = product.decide({ nowMs: round * ROUND_MS, nodes, memory, newId: `quiet${round}` })
  let now: World = { ...world, memories: [after] }
  for (const action of actions) {
    const node = now.nodes.find(({ name }) => name === action.node)!
    if (node.postgres === 'down') continue
    const { node: done, answer } = carriedOut(node, action, product)
    const heard = answer === undefined ? now.memories[0]! : product.noted(now.memories[0]!, action, answer === 'refused' ? REFUSED : answer)
    now = { ...withNode(now, done), memories: [heard] }
  }
  return now
}

function seenOf(node: World['nodes'][number], { nodes }: World, { habits }: Product) {
  return node.postgres === 'down' ? undefined : stateOf(node, nodes, habits)
}

function pulseOf(node: World['nodes'][number], world: World, { habits }: Product) {
  const epoch = openReign(node, habits)
  const commits = epoch > 0 && followersOf(node, world).length > 0
  return { epoch: epoch > 0 ? epoch : null, silentMs: commits ? 0 : SILENT_MS, refused: false }
}
