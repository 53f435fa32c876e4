import type { NodeState } from '../chassis/postgres-node.ts'
import type { Action, Election, Memory, Observation, Pulse, SeenNode } from './failover-decision.ts'
import { isUp, type ModelNode, openReign, stateOf } from './given-election-node.ts'
import type { Habits, Product } from './given-election-product.ts'
import { LONG_MS, NOW_MS, PACES, timed, timeless } from './given-election-time.ts'

/** What a pass costs of the bounds, as it sees worse than there is to see. */
export interface Misjudged {
  unseen: number
  suspicions: number
}

export interface Outcome {
  memory: Memory
  actions: Action[]
  misjudged: Misjudged
  begins: boolean
  /** How much time had passed, and who was seen: for the trace. */
  saw: string
}

/**
 * Every decision that the controller may take now. Time is not counted: at each
 * pass all limits may have passed, none, or the one that elections wait within.
 * Whatever can be reached with real clocks can be reached so, and more.
 *
 * @param left - How much worse than it is things may still be seen.
 */
export function outcomesOf(memory: Memory, nodes: readonly ModelNode[], newId: string, left: Misjudged, product: Product): Outcome[] {
  const outcomes = new Map<string, Outcome>()
  const paces = memory.election && !memory.election.promoted ? PACES : (['at once', 'much later'] as const)
  for (const { seen, misjudged, words } of views(nodes, left, product.habits))
    for (const pace of paces) {
      const decision = product.decide({ nowMs: NOW_MS, nodes: seen, memory: timed(memory, pace, seen), newId })
      const after = timeless(decision.memory)
      const begins = after.election !== undefined && !isSame(after.election, memory.election)
      const key = JSON.stringify([after, decision.actions])
      const known = outcomes.get(key)
      if (known && known.misjudged.unseen + known.misjudged.suspicions <= misjudged.unseen + misjudged.suspicions) continue
      outcomes.set(key, { memory: after, actions: decision.actions, misjudged, begins, saw: `${pace}, sees ${words}` })
    }
  return [...outcomes.values()]
}

function isSame(a: Election, b: Election | undefined): boolean {
  return b !== undefined && a.term.epoch === b.term.epoch && a.term.id === b.term.id
}

interface View {
  seen: Observation['nodes']
  misjudged: Misjudged
  words: string
}

/** Any agent may be out of sight, and any primary may seem unable to commit. That costs nothing where it is true. */
function views(nodes: readonly ModelNode[], left: Misjudged, habits: Habits): View[] {
  let views: View[] = [{ seen: [], misjudged: { unseen: 0, suspicions: 0 }, words: '' }]
  for (const node of nodes) {
    const choices = viewsOf(node, nodes, habits)
    const all = views.flatMap((view) => choices.map((choice) => joined(view, choice)))
    views = all.filter(({ misjudged: { unseen, suspicions } }) => unseen <= left.unseen && suspicions <= left.suspicions)
  }
  return views
}

function joined(a: View, b: View): View {
  const misjudged = { unseen: a.misjudged.unseen + b.misjudged.unseen, suspicions: a.misjudged.suspicions + b.misjudged.suspicions }
  return { seen: [...a.seen, ...b.seen], misjudged, words: a.words && b.words ? `${a.words}, ${b.words}` : a.words + b.words }
}

function viewsOf(node: ModelNode, nodes: readonly ModelNode[], habits: Habits): View[] {
  const reign = openReign(node, habits)
  const commits = reign > 0 && isUp(node) && nodes.some((one) => one.upstream === node.name && isUp(one))
  const silent: Pulse = { epoch: null, silentMs: LONG_MS, refused: false }
  const alive: Pulse = { epoch: reign, silentMs: 0, refused: false }
  const state = stateOf(node, nodes, habits)
  const absent = isUp(node) ? 1 : 0
  const one = (state: NodeState | undefined, pulse: Pulse, unseen: number, suspicions: number): View => {
    const seen: SeenNode = { node: node.name, state, pulse }
    const words = `${node.name}${state ? '' : ' not'}${pulse === silent && state?.role === 'primary' ? ' silent' : ''}`
    return { seen: [seen], misjudged: { unseen, suspicions }, words }
  }
  const views = [one(state, silent, 0, commits ? 1 : 0), one(undefined, silent, absent, commits ? 1 : 0)]
  return reign > 0 ? [one(state, alive, 0, 0), one(undefined, alive, absent, 0), ...views] : views
}
