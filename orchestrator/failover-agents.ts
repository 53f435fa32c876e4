import { setTimeout as sleep } from 'node:timers/promises'
import { type Peer, peer } from '../chassis/call.ts'
import type { FollowOutcome, NodeState, Prepared } from '../chassis/postgres-node.ts'
import type { Action } from './failover-decision.ts'

const LOOK_MS_MAX = 700
const ORDER_MS_MAX = 12_000
const CREATE_MS_MAX = 60_000

export interface Agents {
  nodes: Array<{ node: string; host: string }>
  /** What a node said of itself just now; nothing when its agent does not answer. */
  stateOf: (node: string) => NodeState | undefined
  /** @throws Refusal what the node refused; a fault when nobody can say what it did. */
  order: (action: Action) => Promise<Prepared | undefined>
  close: () => void
}

interface Agent {
  node: string
  host: string
  state: NodeState | undefined
  looks: Peer
  orders: Peer
  creates: Peer
}

/**
 * Every agent is asked at its own pace, so that one that does not answer keeps
 * nobody waiting.
 *
 * @param list - `name=url,...`
 * @param lookMs - How long after an answer it is asked again.
 */
export function openAgents(list: string, token: string, lookMs: number): Agents {
  const closing = new AbortController()
  const agents = list.split(',').map((entry): Agent => {
    const [node = '', url = ''] = entry.split('=')
    const within = (msMax: number) => peer(url, token, msMax)
    const peers = { looks: within(LOOK_MS_MAX), orders: within(ORDER_MS_MAX), creates: within(CREATE_MS_MAX) }
    return { node, host: new URL(url).hostname, state: undefined, ...peers }
  })
  const agentOf = (node: string) => agents.find((agent) => agent.node === node) as Agent
  for (const agent of agents) void watch(agent)

  return {
    nodes: agents.map(({ node, host }) => ({ node, host })),
    stateOf: (node) => agentOf(node).state,
    order: (action) => give(agentOf(action.node), action),
    close: () => closing.abort()
  }

  async function watch(agent: Agent): Promise<void> {
    while (!closing.signal.aborted) {
      agent.state = await agent.looks.call<NodeState>('GET', '/state').catch(() => undefined)
      await sleep(lookMs, undefined, { signal: closing.signal }).catch(() => {})
    }
  }
}

async function give({ orders, creates }: Agent, action: Action): Promise<Prepared | undefined> {
  switch (action.order) {
    case 'prepare':
      return await orders.call<Prepared>('POST', '/prepare', action.term)
    case 'promote':
      await orders.call('POST', '/promote', action.term)
      return undefined
    case 'follow':
      await orders.call<FollowOutcome>('POST', '/follow', action.follow)
      return undefined
    case 'gate':
      await orders.call('POST', '/gate', { epoch: action.epoch })
      return undefined
    case 'bootstrap':
      await creates.call('POST', '/bootstrap', action.term)
      return undefined
  }
}
