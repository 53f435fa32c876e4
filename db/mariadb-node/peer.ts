import type { Report } from './duty.ts'
import type { Role } from './role.ts'

/** A promotion: who leads from this term on. */
export type Order = Pick<Role, 'term' | 'leader' | 'alone'>

/** What an agent tells of its node. */
export interface NodeState extends Role, Report {
  name: string
  /** Whether its server runs or not. */
  hasData: boolean
}

export interface Peer {
  /** @returns nothing when the other agent does not answer in time. */
  state: () => Promise<NodeState | undefined>
  /** Whether the other node has ended whatever it did as a primary, for good. */
  yield: (order: Order) => Promise<boolean>
}

const STATE_MS_MAX = 500
const YIELD_MS_MAX = 10_000

/** The agent of the other node. A machine that is frozen takes a connection and says nothing. */
export function openPeer(url: string, token: string): Peer {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    state: () =>
      fetch(`${url}/state`, { headers, signal: AbortSignal.timeout(STATE_MS_MAX) })
        .then(async (answer) => (answer.ok ? ((await answer.json()) as NodeState) : undefined))
        .catch(() => undefined),
    yield: (order) =>
      fetch(`${url}/yield`, { method: 'POST', headers, body: JSON.stringify(order), signal: AbortSignal.timeout(YIELD_MS_MAX) })
        .then(({ ok }) => ok)
        .catch(() => false)
  }
}
