import type { NodeState } from '../chassis/postgres-node.ts'
import { decide, noted } from './failover.ts'
import { type Decision, type Memory, NOTHING_YET, type Pulse } from './failover-decision.ts'

export const IDENTIFIER = '7710784471584324093'

export const SILENT: Partial<Pulse> = { silentMs: 60_000 }

interface Given {
  memory?: Memory
  nowMs?: number
  /** Where nothing else is said a node that leads commits, and nothing is known of the others. */
  pulses?: Record<string, Partial<Pulse>>
}

export function decided(states: Array<NodeState | undefined>, { memory = NOTHING_YET, nowMs = 0, pulses = {} }: Given = {}): Decision {
  const nodes = states.map((state, at) => {
    const node = `pg${at + 1}`
    const reigns = state?.role === 'primary' && state.rowEpoch === state.followed?.epoch
    const pulse = { epoch: reigns ? state.rowEpoch : null, silentMs: reigns ? 0 : 60_000, refused: false, ...pulses[node] }
    return { node, state, pulse }
  })
  return decide({ nowMs, nodes, memory, newId: 'new' })
}

export function reported({ memory, actions }: Decision, reports: Record<string, [rowEpoch: number, lsn: number]>): Memory {
  return actions.reduce((known, action) => {
    const [rowEpoch, lsn] = reports[action.node] ?? []
    return rowEpoch === undefined || lsn === undefined ? known : noted(known, action, { rowEpoch, lsn })
  }, memory)
}

export function ordersOf({ actions }: Decision): string[] {
  return actions.map(({ order, node }) => `${order} ${node}`)
}

export function term(epoch: number) {
  return { epoch, id: `election-${epoch}` }
}

export function led(leader: string, epoch: number) {
  return { epoch, leader }
}

export function standby(node: string, change: Partial<NodeState> = {}): NodeState {
  return {
    ...{
      node,
      role: 'standby',
      systemIdentifier: IDENTIFIER,
      promise: term(4),
      followed: led('pg1', 4),
      ledFrom: null,
      rowEpoch: 4,
      lsn: 100
    },
    ...{ upstream: null, streaming: false, copying: false, needsCopy: false },
    ...change
  }
}

export function empty(node: string): NodeState {
  const nothing = { systemIdentifier: null, promise: { epoch: 0, id: '' }, followed: null, rowEpoch: null, lsn: null }
  return standby(node, { role: 'empty', ...nothing })
}

export function leader(node: string, epoch: number, change: Partial<NodeState> = {}): NodeState {
  const ledFrom = { followed: led('pg1', epoch - 1), lsn: 90 }
  return standby(node, { role: 'primary', promise: term(epoch), followed: led(node, epoch), ledFrom, rowEpoch: epoch, ...change })
}

export function follower(node: string, epoch: number): NodeState {
  return standby(node, { promise: term(epoch), followed: led('pg1', epoch), upstream: 'pg1', streaming: true })
}
