import { leaderAmong } from './failover.ts'
import { LIMITS, type Memory, NOTHING_YET, reignOf, type SeenNode } from './failover-decision.ts'

export const NOW_MS = 1_000_000
export const LONG_MS = 500_000

/** How long a controller may have waited when it looks again. */
export const PACES = ['at once', 'a moment later', 'much later'] as const
type Pace = (typeof PACES)[number]

/** What a controller remembers, without when it was. */
export function timeless({ election, wish }: Memory): Memory {
  const promoted = election?.promoted && { node: election.promoted.node, atMs: 0 }
  return {
    ...NOTHING_YET,
    election: election && { ...election, reports: sorted(election.reports), sinceMs: 0, promoted },
    wish: wish && (wish.wants === 'switchover' ? { ...wish, untilMs: 0 } : wish)
  }
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The same memory, as it were if everything in it began so long ago. */
export function timed({ election, wish }: Memory, pace: Pace, seen: SeenNode[]): Memory {
  const leader = leaderAmong(seen.flatMap(({ state }) => state ?? []))
  const long = pace === 'much later'
  const beganMs = NOW_MS - (pace === 'at once' ? 0 : long ? LONG_MS : LIMITS.graceMs)
  const sinceMs = long ? NOW_MS - LONG_MS : NOW_MS
  return {
    ...NOTHING_YET,
    election: election && { ...election, sinceMs: beganMs, promoted: election.promoted && { ...election.promoted, atMs: sinceMs } },
    preparableSinceMs: sinceMs,
    ungated: leader && { epoch: reignOf(leader), sinceMs },
    open: leader && { epoch: reignOf(leader), sinceMs },
    received: { lsn: Number.MAX_SAFE_INTEGER, atMs: sinceMs },
    wish: wish && (wish.wants === 'switchover' ? { ...wish, untilMs: long ? 0 : NOW_MS + 1 } : wish)
  }
}
