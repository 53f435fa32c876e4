import type { Mutant } from './mutant.ts'

const AGENT = 'db/postgres-node'
const TRAPS = { test: 'db/postgres-node-traps.test.ts', needs: 'nothing' } as const
const SILENCE = { test: 'db/postgres-node-silence.test.ts', needs: 'nothing' } as const
const PROMISES = { test: 'db/postgres-node-promises.test.ts', needs: 'nothing' } as const

/** What the agent of a PostgreSQL node keeps. */
export const NODES: Mutant[] = [
  {
    name: 'synchronous-commit-off',
    takenAway: 'a commit is answered before any disk has it',
    edits: [{ file: `${AGENT}/settings.ts`, find: '\nsynchronous_commit = on\n', put: '\nsynchronous_commit = off\n' }],
    detector: { scenario: 'postgres-primary-killed', runs: 3, check: 'lost: ' }
  },
  {
    name: 'standbys-not-detached',
    takenAway: 'a standby says how far it is and goes on receiving',
    edits: [
      { file: `${AGENT}/prepare.ts`, find: 'node.still = await node.server.detach()', put: 'node.still = true' },
      { file: `${AGENT}/prepare.ts`, find: 'if (!reading || !node.server.receives()) return reading', put: 'if (node) return reading' },
      {
        file: `${AGENT}/reading.ts`,
        find: "return before.conninfo === '' && before.waiting && now.waiting && isUntouched(before, now)",
        put: 'return now.standby && before.lsn === now.lsn'
      }
    ],
    detector: { ...SILENCE, check: 'have told an election how far they are acknowledge nothing more' }
  },
  {
    name: 'detached-by-reload-alone',
    takenAway: 'a standby is told to follow nobody, and nobody looks whether its receiver went',
    edits: [
      {
        file: `${AGENT}/server.ts`,
        find: 'for (let quiet = 0; quiet < QUIET_LOOKS; ) {',
        put: 'for (let quiet = QUIET_LOOKS; quiet < QUIET_LOOKS; ) {'
      },
      { file: `${AGENT}/prepare.ts`, find: 'if (!reading || !node.server.receives()) return reading', put: 'if (node) return reading' },
      {
        file: `${AGENT}/reading.ts`,
        find: "return before.conninfo === '' && before.waiting && now.waiting && isUntouched(before, now)",
        put: "return before.conninfo === '' && now.conninfo === '' && now.lsn === before.lsn"
      }
    ],
    detector: { ...SILENCE, check: 'nor do those whose replay waits for a reader' }
  },
  {
    name: 'lsn-before-replay-ended',
    takenAway: 'a node says how far it is before it has replayed what it has',
    edits: [
      {
        file: `${AGENT}/reading.ts`,
        find: 'if (now && before && isSettled(before, now)) return now',
        put: "if (now?.standby && now.conninfo === '') return now"
      }
    ],
    detector: { ...TRAPS, check: 'it answers when all of it is replayed' }
  },
  {
    name: 'wiped-node-votes',
    takenAway: 'a node without data takes part in an election, as one that has nothing',
    edits: [
      {
        file: `${AGENT}/prepare.ts`,
        find: "if (!node.store.read().directory) throw refuse('NOT_READY')",
        put: 'if (!node.store.read().directory) return { rowEpoch: 0, lsn: 0 }'
      }
    ],
    detector: { ...TRAPS, check: 'a wiped node has no say in an election' }
  },
  {
    name: 'diverged-node-follows',
    takenAway: 'a node that has more than its primary began with is attached to it',
    edits: [
      {
        file: `${AGENT}/rules.ts`,
        find: "return way === 'as-before' || (way === 'as-sibling' && lsn <= ledFrom.lsn)",
        put: "return way !== 'by-copy' && lsn + ledFrom.lsn > 0"
      }
    ],
    detector: { ...TRAPS, check: 'a node that has more than its primary began with is made anew' }
  },
  {
    name: 'base-backup-under-the-nodes-name',
    takenAway: 'a copy that is being made bears the name that commits wait for',
    edits: [{ file: `${AGENT}/copy.ts`, find: 'return `copy_$' + '{config.NODE_NAME}`', put: 'return config.NODE_NAME' }],
    detector: { ...SILENCE, check: 'a base backup under way acknowledges nothing' }
  },
  {
    name: 'first-commit-waits-for-nobody',
    takenAway: 'the first commit of a reign is seen before a second node has it',
    edits: [
      {
        file: `${AGENT}/gate.ts`,
        find: "    const text = 'insert into public.reign",
        put: "    await client.query('set synchronous_commit = local')\n    const text = 'insert into public.reign"
      }
    ],
    detector: { ...SILENCE, check: 'a primary that nobody follows is nobody’s primary' }
  },
  {
    name: 'gate-skipped',
    takenAway: 'clients come to whoever was promoted, before the first commit of its reign',
    edits: [
      {
        file: 'chassis/probe.ts',
        find: `where newest.node = current_setting('cluster_name')
             and newest.timeline = ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer`,
        put: ''
      }
    ],
    detector: { ...SILENCE, check: 'a primary that nobody follows is nobody’s primary' }
  },
  {
    name: 'promise-only-in-memory',
    takenAway: 'a promise ends with the agent that gave it',
    edits: [
      {
        file: `${AGENT}/state.ts`,
        find: 'save(file, JSON.stringify(next, null, 2))',
        put: 'save(file, JSON.stringify({ ...next, promise: NOTHING.promise }))'
      }
    ],
    detector: { ...PROMISES, check: 'a promise outlives the agent that gave it' }
  },
  {
    name: 'promise-inside-the-data',
    takenAway: 'a promise lies in the data directory, and goes and comes with it',
    edits: [
      {
        file: `${AGENT}/state.ts`,
        find: 'save(file, JSON.stringify(next, null, 2))',
        put: `save(file, JSON.stringify({ ...next, promise: NOTHING.promise }))
      if (next.directory) save(join(next.directory, 'promise.json'), JSON.stringify(next.promise))`
      },
      {
        file: `${AGENT}/state.ts`,
        find: "return { ...NOTHING, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<State>) }",
        put: `const state = { ...NOTHING, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<State>) }
    if (!state.directory) return state
    return { ...state, promise: JSON.parse(readFileSync(join(state.directory, 'promise.json'), 'utf8')) as Term }`
      },
      { file: `${AGENT}/state.ts`, find: "openSync(next, 'w', 0o600)", put: "openSync(next, 'w', 0o644)" }
    ],
    detector: { ...PROMISES, check: 'data that are put back as they were do not bring back an earlier promise' }
  }
]
