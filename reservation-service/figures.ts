import type { Metrics } from '../chassis/metrics.ts'
import type { Spent } from './batch.ts'
import type { Command } from './commands.ts'
import type { Outcome } from './decide.ts'

const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64]

export interface Figures {
  /** Every batch that was committed. */
  onBatch: (commands: Command[], outcomes: Outcome[], spent: Spent, waitedMs: number[]) => void
}

/** What the selling of seats looks like in numbers. */
export function openFigures(metrics: Metrics): Figures {
  const outcomesTotal = metrics.counter('selling_outcomes_total', 'Commands, by what became of them', ['does', 'code'])
  const batch = metrics.histogram('selling_batch_requests', 'Commands in one transaction', BATCH_BUCKETS)
  const lane = metrics.histogram('selling_lane_wait_seconds', 'From the arrival of a command to the start of its batch')
  const lock = metrics.histogram('selling_lock_wait_seconds', 'Locking what a batch competes for')
  const commit = metrics.histogram('selling_commit_seconds', 'Writing, and waiting for the quorum')
  return { onBatch }

  function onBatch(commands: Command[], outcomes: Outcome[], spent: Spent, waitedMs: number[]): void {
    batch.observe(commands.length)
    lock.observe(spent.lock / 1_000)
    commit.observe(spent.commit / 1_000)
    for (const ms of waitedMs) lane.observe(ms / 1_000)
    for (const [i, { does }] of commands.entries()) outcomesTotal.inc({ does, code: codeOf(outcomes[i]!) })
  }
}

function codeOf(outcome: Outcome): string {
  if ('refusal' in outcome) return outcome.refusal.code
  return 'stale' in outcome ? 'LOOKED_AGAIN' : 'OK'
}
