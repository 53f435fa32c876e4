import { randomUUID } from 'node:crypto'
import { crashPoint } from '../chassis/crash-point.ts'
import { Refusal } from '../chassis/errors.ts'
import type { Log } from '../chassis/log.ts'
import { decide, noted } from './failover.ts'
import type { Agents } from './failover-agents.ts'
import { type Action, type Decision, NOTHING_YET, type SeenNode, type Wish } from './failover-decision.ts'
import type { Pulses } from './failover-pulse.ts'

/** What a node has just answered is not asked of it again at once. */
const REST_MS = 100

export interface Watch {
  /** Looks, decides, and sends what was decided on its way. @returns 0: the next pass is due in its time. */
  watchOnce: () => Promise<number>
  /** As of the last pass. */
  last: () => { decision: Decision; nodes: SeenNode[] }
  /** Told to the next passes. A later one takes the place of an earlier one. */
  wish: (wish: Wish) => void
}

/**
 * The controller: one pure decision after another. No pass waits for an order,
 * because the node that it went to may be frozen; what it came to is seen by a
 * later pass.
 */
export function openWatch(agents: Agents, pulses: Pulses, log: Log): Watch {
  const underway = new Set<string>()
  let memory = NOTHING_YET
  let decision: Decision = { says: 'nothing was seen yet', actions: [], memory }
  let nodes: SeenNode[] = []

  return {
    watchOnce,
    last: () => ({ decision, nodes }),
    wish(wish) {
      memory = { ...memory, wish }
    }
  }

  async function watchOnce(): Promise<number> {
    nodes = agents.nodes.map(({ node }) => ({ node, state: agents.stateOf(node), pulse: pulses.take(node) }))
    const before = decision.says
    decision = decide({ nowMs: performance.now(), nodes, memory, newId: randomUUID() })
    memory = decision.memory
    if (decision.says !== before) tell(decision)
    for (const action of decision.actions) send(action)
    return 0
  }

  function tell({ says, loud }: Decision): void {
    const seen = nodes.map(({ node, state, pulse }) => ({ node, pulse, ...(state ?? { role: 'no agent' }) }))
    log[loud ? 'error' : 'info']({ says, nodes: seen }, 'cluster')
  }

  /** The same order is not sent to a node that still works on it. */
  function send(action: Action): void {
    const key = `${action.order} ${action.node} ${epochOf(action)}`
    if (underway.has(key)) return
    underway.add(key)
    if (action.order === 'prepare') crashPoint('failover-preparing')
    if (action.order === 'promote') crashPoint('failover-prepared')
    carryOut(action).finally(() => setTimeout(() => underway.delete(key), REST_MS).unref())
    if (action.order === 'promote') crashPoint('failover-promoting')
  }

  async function carryOut(action: Action): Promise<void> {
    try {
      const answer = await agents.order(action)
      memory = noted(memory, action, answer)
      if (action.order === 'promote') crashPoint('failover-promoted')
      if (action.order === 'gate') crashPoint('failover-gating')
    } catch (err) {
      if (err instanceof Refusal) memory = noted(memory, action, err)
      log.warn({ err, order: action.order, node: action.node }, 'an order was not carried out')
    }
  }
}

function epochOf(action: Action): number {
  if ('follow' in action) return action.follow.term.epoch
  return 'term' in action ? action.term.epoch : action.epoch
}
