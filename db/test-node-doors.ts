import pg from 'pg'
import { peer } from '../chassis/call.ts'
import type { NodeState } from '../chassis/postgres-node.ts'

export const TOKEN = 'token-of-the-agents'
const STATE_MS_MAX = 1_000
const ORDER_MS_MAX = 20_000

export interface Reign {
  ready: boolean
  leader: string
  epoch: number
  streaming: string[]
}

/** What can be asked of nodes and their controller, and ordered, from outside. */
export interface Doors {
  states: () => Promise<NodeState[]>
  stateOf: (node: string) => Promise<NodeState>
  /** What a controller would order. @throws Refusal what the node refused. */
  order: <T>(node: string, path: '/bootstrap' | '/prepare' | '/promote' | '/gate' | '/follow', body: unknown) => Promise<T>
  /** Of the node itself, through its socket, as the superuser. */
  ask: (node: string, sql: string) => Promise<Array<Record<string, unknown>>>
  /** What the controller says of the reign in force. */
  reign: () => Promise<Reign>
}

export function openDoors(nodes: readonly string[], addressOf: (node: string) => string, directoryOf: (node: string) => string): Doors {
  return { states, stateOf, ask, order, reign }

  async function states(): Promise<NodeState[]> {
    const answers = await Promise.allSettled(nodes.map(stateOf))
    return answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value)
  }

  async function stateOf(node: string): Promise<NodeState> {
    const headers = { authorization: `Bearer ${TOKEN}` }
    const answer = await fetch(`http://${addressOf(node)}:8400/state`, { headers, signal: AbortSignal.timeout(STATE_MS_MAX) })
    return (await answer.json()) as NodeState
  }

  async function ask(node: string, sql: string): Promise<Array<Record<string, unknown>>> {
    const who = { host: directoryOf(node), port: 5432, user: 'postgres', password: 'password', database: 'ticketflow' }
    const client = new pg.Client({ ...who, connectionTimeoutMillis: STATE_MS_MAX, query_timeout: 2 * STATE_MS_MAX })
    client.on('error', () => {}) // the query says it
    try {
      await client.connect()
      return (await client.query(sql)).rows
    } finally {
      client.end().catch(() => {})
    }
  }

  function order<T>(node: string, path: string, body: unknown): Promise<T> {
    return peer(`http://${addressOf(node)}:8400`, TOKEN, ORDER_MS_MAX).call<T>('POST', path, body)
  }

  async function reign(): Promise<Reign> {
    return (await (await fetch(`http://${addressOf('failover')}:3000/readyz`)).json()) as Reign
  }
}
