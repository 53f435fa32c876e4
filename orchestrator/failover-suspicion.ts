import type { NodeState } from '../chassis/postgres-node.ts'
import { isReady, LIMITS, type Memory, type Observation, type Pulse, reignOf } from './failover-decision.ts'

/** What a pass learns for the next ones: how long two nodes could be prepared already, and whether followers receive. */
export function learned({ nowMs, memory }: Observation, states: NodeState[]): Memory {
  const preparable = states.filter((state) => isReady(state) && !state.copying && !state.needsCopy)
  const lsn = states.reduce((sum, state) => sum + (state.streaming ? (state.lsn ?? 0) : 0), 0)
  const grew = memory.received === undefined || lsn > memory.received.lsn
  const received = { lsn, atMs: grew ? nowMs : memory.received!.atMs }
  return { ...memory, received, preparableSinceMs: preparable.length >= 2 ? (memory.preparableSinceMs ?? nowMs) : undefined }
}

/** It was not seen to commit for the whole window. That it answers is no sign of life: it may be unable to commit. */
export function isSilent({ silentMs, refused }: Pulse): boolean {
  return silentMs >= (refused ? LIMITS.refusedMs : LIMITS.silenceMs)
}

/**
 * A primary that reigns and does not commit is given up when two nodes could
 * have been prepared for as long, and no follower is catching up: with fewer
 * nodes, another reign could not commit either.
 */
export function isGivenUp({ nowMs, memory }: Observation, pulse: Pulse): boolean {
  const { preparableSinceMs, received } = memory
  if (!isSilent(pulse) || preparableSinceMs === undefined) return false
  return nowMs - preparableSinceMs >= LIMITS.silenceMs && (received === undefined || nowMs - received.atMs >= LIMITS.silenceMs)
}

/**
 * Whether the primary that nobody sees is gone: its own agent says that it is
 * none, or it has not committed for the whole window.
 */
export function isGone({ nodes }: Observation, states: NodeState[]): boolean {
  const newest = states.toSorted((a, b) => reignOf(b) - reignOf(a))[0]?.followed
  const seen = nodes.find(({ node }) => node === newest?.leader)
  if (!seen) return true
  if (seen.state && seen.state.role !== 'silent') return true
  return isSilent(seen.pulse)
}

/** The node whose own data say that it reigns, that was seen to commit just now, and of which its agent knows nothing else. */
export function beatingAmong({ nodes }: Pick<Observation, 'nodes'>): { node: string; epoch: number } | undefined {
  const beating = nodes.flatMap(({ node, state, pulse }) => {
    const mayBeat = !state || state.role === 'primary' || state.role === 'silent'
    return mayBeat && pulse.epoch !== null && !isSilent(pulse) ? [{ node, epoch: pulse.epoch }] : []
  })
  return beating.toSorted((a, b) => b.epoch - a.epoch)[0]
}
