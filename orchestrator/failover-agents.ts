import { type Peer, peer } from '../chassis/call.ts'
import type { FollowOutcome, NodeState, Prepared } from '../chassis/postgres-node.ts'
import type { Action, Observation } from './failover-decision.ts'

const LOOK_MS_MAX = 1_500
const ORDER_MS_MAX = 12_000
const CREATE_MS_MAX = 60_000

export interface Agents {
  /** What every node says of itself. One that does not answer says nothing. */
  look: () => Promise<Observation['nodes']>
  /** @throws Refusal what the node refused; a fault when nobody can say what it did. */
  order: (action: Exclude<Action, { order: 'gate' }>) => Promise<Prepared | undefined>
  /** Where the node itself listens. */
  hostOf: (node: string) => string
}

interface Agent {
  node: string
  host: string
  looks: Peer
  orders: Peer
  creates: Peer
}

/** @param list - `name=url,...` */
export function openAgents(list: string, token: string): Agents {
  const agents = list.split(',').map((entry): Agent => {
    const [node = '', url = ''] = entry.split('=')
    const within = (msMax: number) => peer(url, token, msMax)
    return { node, host: new URL(url).hostname, looks: within(LOOK_MS_MAX), orders: within(ORDER_MS_MAX), creates: within(CREATE_MS_MAX) }
  })
  const agentOf = (node: string) => agents.find((agent) => agent.node === node) as Agent

  return {
    look: () =>
      Promise.all(
        agents.map(async ({ node, looks }) => ({
          node,
          state: await looks.call<NodeState>('GET', '/state').catch(() => undefined)
        }))
      ),
    order: (action) => give(agentOf(action.node), action),
    hostOf: (node) => agentOf(node).host
  }
}

async function give({ orders, creates }: Agent, action: Exclude<Action, { order: 'gate' }>): Promise<Prepared | undefined> {
  switch (action.order) {
    case 'prepare':
      return await orders.call<Prepared>('POST', '/prepare', action.term)
    case 'promote':
      await orders.call('POST', '/promote', action.term)
      return undefined
    case 'follow':
      await orders.call<FollowOutcome>('POST', '/follow', action.follow)
      return undefined
    case 'bootstrap':
      await creates.call('POST', '/bootstrap', action.term)
      return undefined
  }
}
