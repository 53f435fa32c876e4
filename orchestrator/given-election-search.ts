import type { Bounds } from './given-election-bounds.ts'
import { preparedFor, type Violation, violations } from './given-election-checks.ts'
import { dataSteps } from './given-election-data.ts'
import { faultSteps } from './given-election-faults.ts'
import { type ModelNode, reignOfNode } from './given-election-node.ts'
import type { Product } from './given-election-product.ts'
import { openStore, type Store } from './given-election-store.ts'
import { trafficSteps } from './given-election-traffic.ts'
import { acknowledged, firstWorld, type Step, type World } from './given-election-world.ts'

export interface Found {
  states: number
  transitions: number
  /** Of the processor. */
  seconds: number
  /** Everything within the bounds was seen. */
  whole: boolean
  /** As no shorter one leads to any violation: the search goes by the number of steps. */
  violation: (Violation & { trace: string[] }) | undefined
  store: Store
}

/**
 * Goes through every world that can be reached, those fewer steps away first.
 *
 * @param stopsAt - Which violations end it.
 * @param statesMax - Beyond this it gives up.
 */
export function explore(bounds: Bounds, product: Product, stopsAt: ReadonlyArray<Violation['is']>, statesMax: number): Found {
  const { user } = process.cpuUsage()
  const store = openStore()
  store.add(firstWorld(bounds), -1)
  let transitions = 0
  const found = (at: number, violation: Found['violation']): Found => {
    const seconds = (process.cpuUsage().user - user) / 1_000_000
    return { states: store.size(), transitions, seconds, whole: at >= store.size(), violation, store }
  }

  let at = 0
  for (; at < store.size() && store.size() < statesMax; at++) {
    const world = store.world(at)
    for (const step of stepsFrom(world, bounds, product)) {
      transitions++
      store.add(step.world, at)
      const violation = violations(world, step.world, product.habits).find(({ is }) => stopsAt.includes(is))
      if (violation) return found(at, { ...violation, trace: traceTo(store, at, bounds, product).concat(step.words()) })
    }
  }
  return found(at, undefined)
}

export function stepsFrom(world: World, bounds: Bounds, product: Product): Step[] {
  const steps = [...trafficSteps(world, bounds, product), ...dataSteps(world, bounds, product), ...faultSteps(world, bounds, product)]
  return steps.map(({ world: after, words }) => ({ world: acknowledged(withPromotions(world, after), product.habits), words }))
}

function withPromotions(before: World, after: World): World {
  if (after.nodes === before.nodes) return after
  const added = after.nodes.filter((node, at) => node.postgres === 'primary' && before.nodes[at]!.postgres !== 'primary')
  if (added.length === 0) return after
  const promoted = Object.fromEntries(added.map(({ name, remembered }) => [remembered.followed!.epoch, name]))
  const { acknowledged } = after.told
  const told = { acknowledged, promoted: { ...after.told.promoted, ...promoted } }
  return { ...after, told: after.spent.acceptedLosses > 0 ? withoutAccepted(before, told, added) : told }
}

/** What a person gave up when a node was promoted on its own is not missed. */
function withoutAccepted(before: World, told: World['told'], added: ModelNode[]): World['told'] {
  const alone = added.filter((node) => preparedFor(reignOfNode(node), before) < 2)
  const kept = [...told.acknowledged].filter((sale) => alone.every(({ wal }) => wal.includes(sale)))
  return { ...told, acknowledged: kept.join('') }
}

function traceTo(store: Store, at: number, bounds: Bounds, product: Product): string[] {
  const trace: string[] = []
  for (let child = at, parent = store.parentOf(at); parent >= 0; child = parent, parent = store.parentOf(parent)) {
    const step = stepsFrom(store.world(parent), bounds, product).find(({ world }) => store.add(world, parent).at === child)
    trace.unshift(step?.words() ?? '?')
  }
  return trace
}
