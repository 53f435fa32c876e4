import { refuse } from '../db/postgres-node/refusals.ts'
import type { Action, Memory } from './failover-decision.ts'
import type { Bounds } from './given-election-bounds.ts'
import { type Misjudged, type Outcome, outcomesOf } from './given-election-controller.ts'
import { changed, openMemo, serialOf } from './given-election-memo.ts'
import type { ModelNode } from './given-election-node.ts'
import { type Carried, carriedOut } from './given-election-orders.ts'
import type { Product } from './given-election-product.ts'
import { remaining, sendings } from './given-election-sending.ts'
import { timeless } from './given-election-time.ts'
import { acknowledged, hasLeft, type Step, type World, withNode, withSpent } from './given-election-world.ts'

export const REFUSED = refuse('NOT_PREPARED')

/** Passes of the controllers, and orders that arrive. */
export function trafficSteps(world: World, bounds: Bounds, product: Product): Step[] {
  return [
    ...world.memories.flatMap((_, at) => passes(world, at, bounds, product)),
    ...world.orders.flatMap((action) => arrivals(world, action, bounds, product))
  ]
}

function passes(world: World, at: number, bounds: Bounds, product: Product): Step[] {
  const newId = `e${world.spent.elections + 1}`
  const { unseen, suspicions } = world.spent
  const left = { unseen: bounds.unseen - unseen, suspicions: bounds.suspicions - suspicions }
  return outcomesHere(world, at, { newId, left }, product).flatMap((outcome) => {
    const { misjudged, begins, memory, saw } = outcome
    const costs = [...Object.entries(misjudged), ['elections', begins ? 1 : 0]] as Array<[keyof typeof misjudged | 'elections', number]>
    if (!costs.every(([what, amount]) => hasLeft(world, bounds, what, amount))) return []
    const paid = costs.reduce((paid, [what, amount]) => withSpent(paid, what, amount), world)
    const next = withMemory(paid, at, memory)
    const who = world.memories.length > 1 ? `controller ${at + 1}` : 'the controller'
    const words = () => `${who}, ${saw}: ${outcome.actions.map(orderWords).join('; ') || 'orders nothing'}`
    if (bounds.inFlight === 0) return obeyed({ world: next, words }, at, outcome.actions, bounds, product)
    return sendings(next, outcome.actions, bounds, product).map((orders) => ({ world: { ...next, orders }, words }))
  })
}

/** Each order arrives at once, and so does its answer, or it is lost. */
function obeyed(step: Step, at: number, actions: readonly Action[], bounds: Bounds, product: Product): Step[] {
  const [action, ...others] = actions
  if (!action) return [step]
  const { world, words } = step
  const node = world.nodes.find(({ name }) => name === action.node)!
  if (node.postgres === 'down') return obeyed(step, at, others, bounds, product)
  const skipped = { world: withSpent(world, 'lost'), words: () => `${words()} [${orderWords(action)} is lost]` }
  const lost = hasLeft(world, bounds, 'lost') ? obeyed(skipped, at, others, bounds, product) : []
  const { node: after, answer } = carriedOutHere(node, action, product)
  const [heard = withNode(world, after)] = answered(withNode(world, after), at, action, answer, product)
  const arrived = { world: acknowledged(heard, product.habits), words }
  return [...obeyed(arrived, at, others, bounds, product), ...lost]
}

interface Pass {
  newId: string
  left: Misjudged
}

const memo = openMemo<Outcome[]>()

function outcomesHere({ nodes, memories }: World, at: number, { newId, left }: Pass, product: Product): Outcome[] {
  const known = `${serialOf(product)} ${serialOf(memories[at]!)} ${nodes.map(serialOf).join(' ')}`
  return memo(`${known} ${newId} ${left.unseen} ${left.suspicions}`, () => outcomesOf(memories[at]!, nodes, newId, left, product))
}

function withMemory(world: World, at: number, memory: Memory): World {
  return { ...world, memories: world.memories.map((one, index) => (index === at ? memory : one)) }
}

/** An order arrives whole, or its node's agent ends on the way; its answer arrives or not; it may come once more. */
function arrivals(world: World, action: Action, bounds: Bounds, product: Product): Step[] {
  const node = world.nodes.find(({ name }) => name === action.node)!
  if (node.postgres === 'down') return []
  const { node: after, answer, cuts } = carriedOutHere(node, action, product)
  const leave = (left: ModelNode, arrived?: Action): World => {
    const next = withNode(world, left)
    return { ...next, orders: remaining(next, arrived, product) }
  }
  const whole = leave(after, action)
  const words = (more: string) => () => `${orderWords(action)}: arrives${more}`
  return [
    { world: whole, words: words(answer === undefined ? '' : answer === 'refused' ? ', is refused' : ', the answer is lost') },
    ...world.memories
      .flatMap((_, at) => answered(whole, at, action, answer, product))
      .map((world) => ({ world, words: words(answerWords(answer)) })),
    ...(hasLeft(world, bounds, 'duplicates')
      ? [{ world: withSpent(leave(after), 'duplicates'), words: words(', and will once more') }]
      : []),
    ...(hasLeft(world, bounds, 'cuts')
      ? cuts.map((cut) => ({ world: withSpent(leave(cut, action), 'cuts'), words: words(', and the agent ends on the way') }))
      : [])
  ]
}

const carried = openMemo<Carried>()

function carriedOutHere(node: ModelNode, action: Action, product: Product): Carried {
  return carried(`${serialOf(product)} ${serialOf(node)} ${serialOf(action)}`, () => carriedOut(node, action, product))
}

function answered(world: World, at: number, action: Action, answer: Carried['answer'], product: Product): World[] {
  if (answer === undefined) return []
  const memory = world.memories[at]!
  const next = changed(memory, `${serialOf(product)} ${serialOf(action)} ${JSON.stringify(answer)}`, () => {
    const heard = product.noted(memory, action, answer === 'refused' ? REFUSED : answer)
    return heard === memory ? memory : timeless(heard)
  })
  return next === memory ? [] : [withMemory(world, at, next)]
}

function answerWords(answer: Carried['answer']): string {
  if (answer === 'refused') return ', is refused, and the controller hears of it'
  return answer ? `, the answer is reign ${answer.rowEpoch}, ${answer.lsn} entries` : ''
}

function orderWords(action: Action): string {
  if (action.order === 'follow')
    return `${action.node} is to follow ${action.follow.leader} in ${action.follow.term.epoch}${action.follow.mayCopy ? ', or copy it' : ''}`
  return `${action.order} ${action.node} ${action.order === 'gate' ? action.epoch : action.term.epoch}`
}
