import type { Mutant } from './mutant.ts'

const EXPLORATION = {
  test: 'orchestrator/failover-exploration.test.ts',
  needs: 'nothing',
  check: 'nothing is lost, and no rule broken'
} as const

/** What the failover decides by. */
export const ELECTION: Mutant[] = [
  {
    name: 'one-prepared-node-is-enough',
    takenAway: 'a node is promoted when it alone is prepared',
    edits: [{ file: 'orchestrator/failover-election.ts', find: 'const QUORUM = 2\n', put: 'const QUORUM: number = 1\n' }],
    detector: { ...EXPLORATION, says: 'for which 1 was prepared' }
  },
  {
    name: 'running-primary-counts-as-prepared',
    takenAway: 'a primary that runs counts as prepared, with what was last seen of it',
    edits: [
      {
        file: 'orchestrator/failover-election.ts',
        find: 'without, reports: {}, promoted: undefined }',
        put: `without, promoted: undefined, reports: Object.fromEntries(
    ready.flatMap(({ node, role, rowEpoch, lsn }) => (role === 'primary' ? [[node, { rowEpoch: rowEpoch!, lsn: lsn! }]] : []))
  ) }`
      }
    ],
    detector: { ...EXPLORATION, says: 'for which 1 was prepared' }
  },
  {
    name: 'old-election-obeyed',
    takenAway: 'an order to follow is obeyed whatever was promised since',
    edits: [
      {
        file: 'db/postgres-node/rules.ts',
        find: "return order.term.epoch > promise.epoch ? 'accepted' : 'refused'",
        put: "return 'accepted'"
      }
    ],
    detector: { ...EXPLORATION, says: 'takes back its promise' }
  },
  {
    name: 'probe-by-select-1',
    takenAway: 'the primary is taken for well when it answers, and need not commit',
    edits: [
      {
        file: 'orchestrator/failover-pulse.ts',
        find: `text: "select pg_logical_emit_message(true, 'pulse', '')"`,
        put: "text: 'select 1'"
      }
    ],
    detector: { scenario: 'postgres-primary-cut-from-standbys', runs: 1, check: 'without a success, promised' }
  }
]
