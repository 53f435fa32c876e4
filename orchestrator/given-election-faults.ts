import { NOTHING_YET } from './failover-decision.ts'
import type { Bounds, Spent } from './given-election-bounds.ts'
import { changed, serialOf } from './given-election-memo.ts'
import { crashed, isUp, type ModelNode, started } from './given-election-node.ts'
import type { Product } from './given-election-product.ts'
import { hasLeft, type Step, type World, withNode, withSpent } from './given-election-world.ts'

/** What breaks, and what comes back. */
export function faultSteps(world: World, bounds: Bounds, product: Product): Step[] {
  return [
    ...world.nodes.flatMap((node) => nodeFaults(world, node, bounds, product)),
    ...world.memories.flatMap((_, at) => controllerFaults(world, at, bounds))
  ]
}

function nodeFaults(world: World, node: ModelNode, bounds: Bounds, { habits }: Product): Step[] {
  const become = (after: () => ModelNode, words: string, fault?: keyof Spent): Step[] => {
    if (fault && !hasLeft(world, bounds, fault)) return []
    const next = withNode(world, changed(node, `${words} ${serialOf(habits)}`, after))
    return [{ world: fault ? withSpent(next, fault) : next, words: () => `${node.name} ${words}` }]
  }
  if (node.postgres === 'down') return become(() => started(node), 'starts, following nobody')
  return [
    ...become(() => crashed(node, habits), 'crashes', 'crashes'),
    ...(node.frozen
      ? become(() => ({ ...node, frozen: false }), 'goes on')
      : become(() => ({ ...node, frozen: true }), 'freezes', 'freezes'))
  ]
}

function controllerFaults(world: World, at: number, bounds: Bounds): Step[] {
  const memory = world.memories[at]!
  const remembers = (next: typeof memory, fault: keyof Spent, words: string): Step[] => {
    if (!hasLeft(world, bounds, fault)) return []
    const memories = world.memories.map((one, index) => (index === at ? next : one))
    return [{ world: withSpent({ ...world, memories }, fault), words: () => words }]
  }
  const forgets = memory.election || memory.wish ? remembers(NOTHING_YET, 'amnesias', 'the controller is started anew') : []
  if (memory.wish) return forgets
  const switchover = { ...memory, wish: { wants: 'switchover', untilMs: 0 } } as const
  const [survivor, ...others] = world.nodes.filter(isUp)
  const untilMs = Number.MAX_SAFE_INTEGER
  const losses =
    survivor && others.length === 0 ? [{ ...memory, wish: { wants: 'accept-loss', survivor: survivor.name, untilMs } } as const] : []
  return [
    ...forgets,
    ...remembers(switchover, 'switchovers', 'a person asks for a switchover'),
    ...losses.flatMap((loss) => remembers(loss, 'acceptedLosses', 'a person accepts a loss'))
  ]
}
