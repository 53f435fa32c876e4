import type { Action } from './failover-decision.ts'
import type { Bounds } from './given-election-bounds.ts'
import { openMemo, serialOf } from './given-election-memo.ts'
import type { ModelNode } from './given-election-node.ts'
import type { Product } from './given-election-product.ts'
import { hasRow } from './given-election-wal.ts'
import type { World } from './given-election-world.ts'

/** Every way in which no more orders are under way than may be. */
export function sendings(world: World, actions: readonly Action[], { inFlight }: Bounds, product: Product): Array<readonly Action[]> {
  const all = [...world.orders, ...actions].filter((action) => !isVoid(action, world, product))
  let choices = [oneList(all)]
  while (choices[0]!.length > inFlight)
    choices = [...new Set(choices.flatMap((choice) => choice.map((_, at) => oneList(choice.toSpliced(at, 1)))))]
  return choices
}

/** What is left when an order has arrived: of others nothing can come any more either. */
export function remaining(world: World, arrived: Action | undefined, product: Product): readonly Action[] {
  const left = world.orders.filter((action) => action !== arrived && !isVoid(action, world, product))
  return left.length === world.orders.length ? world.orders : oneList(left)
}

const lists = new Map<string, readonly Action[]>()
const actions = new Map<string, { action: Action; number: number }>()
const known = new WeakMap<Action, { action: Action; number: number }>()

/** The same orders, in whatever order they were given, are the same list. */
function oneList(orders: readonly Action[]): readonly Action[] {
  const unique = [...new Set(orders.map(oneAction))].sort((a, b) => a.number - b.number)
  const key = unique.map(({ number }) => number).join()
  const before = lists.get(key)
  if (before) return before
  const list = unique.map(({ action }) => action)
  lists.set(key, list)
  return list
}

function oneAction(action: Action): { action: Action; number: number } {
  const before = known.get(action)
  if (before) return before
  const key = JSON.stringify(action)
  const one = actions.get(key) ?? { action, number: actions.size }
  actions.set(key, one)
  known.set(action, one)
  return one
}

const voids = openMemo<boolean>()

/** The node promised more since, or has done it for good: whenever this arrives, nothing will come of it. */
function isVoid(action: Action, { nodes }: World, product: Product): boolean {
  const node = nodes.find(({ name }) => name === action.node)!
  return voids(`${serialOf(product)} ${oneAction(action).number} ${serialOf(node)}`, () => isNothing(action, node, product))
}

function isNothing(action: Action, node: ModelNode, { rules }: Product): boolean {
  const { remembered } = node
  if (action.order === 'gate') {
    const may = rules.mayGate(remembered, node.name, action.epoch)
    return may ? hasRow(node.wal, action.epoch) : remembered.promise.epoch > action.epoch
  }
  if (action.order === 'prepare') return rules.grantOf(remembered, action.term) === 'refused'
  if (action.order === 'follow') return rules.acceptOf(remembered, action.follow) === 'refused'
  if (action.order !== 'promote') return false
  const refused = rules.mayPromote(remembered, action.term, action.term) === 'refused'
  return refused && rules.grantOf({ ...remembered, followed: null }, action.term) === 'refused'
}
