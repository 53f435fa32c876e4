import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { isUnknown, Refusal } from '../chassis/errors.ts'
import { createLog } from '../chassis/log.ts'
import { destroyPool, openPool, type Tx, transaction } from '../chassis/postgres.ts'
import { watchPrimary } from '../chassis/primary.ts'
import { signal } from './postgres-node/processes.ts'
import { firstReign, follow, gate, heal, othersThan, prepareAll, promoteBest } from './test-election.ts'
import { eventually, testNodes } from './test-nodes.ts'

const INSTANCE = 114
/** Where a second node may answer, a commit takes milliseconds; a copy is asked for its word once a second. */
const NOBODY_MS = 3_500
/** Longer than it takes to prepare two nodes and to commit, shorter than a node waits until it has replayed all it has. */
const READER_MS = 2_000
/** Some 60 MB, so that copying them can be looked at. */
const FILLER_ROWS = 200_000

t.setTimeout(240_000)

t.test('who must say nothing', async (t) => {
  const nodes = await testNodes(t, INSTANCE, ['pg1', 'pg2', 'pg3'])
  let reign = await firstReign(nodes)
  await nodes.ask(reign.leader, 'create table public.notes (note text primary key); grant all on public.notes to owner')
  t.beforeEach(() => heal(nodes, reign))

  await t.test('standbys that have told an election how far they are acknowledge nothing more, though their primary goes on', async (t) => {
    const { leader } = reign
    const others = othersThan(reign)
    t.equal(await commit(leader, 'before'), 'acknowledged')

    const prepared = await prepareAll(nodes, 2, others)
    const late = commit(leader, 'after')

    t.equal(await soon(late), 'waits')
    reign = await promoteBest(nodes, 2, prepared)
    await gate(nodes, reign, othersThan(reign))
    t.equal(await late, 'unknown', 'and its node was made anew')
    t.strictSame(await notesOn(reign.leader), ['before'])
  })

  await t.test('nor do those whose replay waits for a reader, and would not hear that there is nobody to follow', async (t) => {
    const { leader } = reign
    const others = othersThan(reign)
    t.equal(await commit(leader, 'to be deleted'), 'acknowledged')
    const readers = await Promise.all(others.map(readerOn))
    await nodes.ask(leader, "delete from public.notes where note = 'to be deleted'")
    await nodes.ask(leader, 'vacuum public.notes')
    t.equal(await commit(leader, 'behind the readers'), 'acknowledged')

    const prepared = await prepareAll(nodes, 3, others)
    const late = commit(leader, 'after the readers')

    t.equal(await soon(late), 'waits')
    for (const reader of readers) await reader.end().catch(() => {})
    reign = await promoteBest(nodes, 3, prepared)
    await gate(nodes, reign, othersThan(reign))
    t.equal(await late, 'unknown')
    t.strictSame(await notesOn(reign.leader), ['before', 'behind the readers'])
  })

  await t.test('a base backup under way acknowledges nothing', async (t) => {
    const { leader } = reign
    const [copying, other] = othersThan(reign)
    await fill(leader)
    await nodes.kill(copying)
    for (const entry of readdirSync(nodes.directoryOf(copying))) rmSync(join(nodes.directoryOf(copying), entry), { recursive: true })
    nodes.start(copying)
    await eventually(async () => (await nodes.stateOf(copying)).role === 'empty')
    await nodes.freezePostgres(leader, 'checkpointer') // a copy begins with a checkpoint: it does not get past it yet
    t.equal(await follow(nodes, reign, copying), 'copying')
    const parent = await eventually(async () => backupsOf(copying)[0])
    nodes.thaw(leader)
    while (backupsOf(copying).length === 1) await sleep(1) // then it has begun to take in what is written meanwhile
    signal(parent, 'SIGSTOP')
    await nodes.kill(other)

    const attempt = commit(leader, 'amid a copy')

    t.equal(await soon(attempt), 'waits')
    t.match(await nodes.stateOf(copying), { copying: true, role: 'empty' })
    signal(parent, 'SIGCONT')
    nodes.start(other)
    await heal(nodes, reign)
    t.equal(await attempt, 'acknowledged')
  })

  await t.test('a primary that nobody follows is nobody’s primary', async (t) => {
    const others = othersThan(reign)
    await nodes.kill(reign.leader)
    const former = reign.leader
    const primary = watchPrimary(nodes.urlOf('owner'), createLog('test', 'silent'))
    t.teardown(() => primary.close())
    const found: string[] = []
    primary.onReign((url) => found.push(url))

    reign = await promoteBest(nodes, 4, await prepareAll(nodes, 4, others))
    await nodes.order(reign.leader, '/gate', { epoch: 4 })
    await sleep(NOBODY_MS)

    t.strictSame(found, [], 'no client comes')
    t.ok((await nodes.stateOf(reign.leader)).rowEpoch! < 4, 'nor is it told that it reigns')
    await gate(
      nodes,
      reign,
      othersThan(reign).filter((node) => node !== former)
    )
    await eventually(async () => found.length === 1)
    nodes.start(former)
  })

  await t.test(
    'a service, of what only one node has: neither what was asked, nor that it is there, nor that something is not to be had',
    async (t) => {
      const { leader } = reign
      const pool = openPool(nodes.urlOf('owner', leader), createLog('test', 'silent'))
      t.teardown(() => destroyPool(pool))
      await nodes.kill(...othersThan(reign))
      const asked = outcome((tx) => tx.query("insert into public.notes values ('here alone')"))
      const waiting = "select pid from pg_stat_activity where wait_event = 'SyncRep' and usename = 'owner'"
      const cancel = `with waiting as materialized (${waiting}) select pg_cancel_backend(pid) from waiting`
      await eventually(async () => (await nodes.ask(leader, cancel)).length > 0)

      t.equal(await asked, 'unknown', 'a commit whose wait was cancelled')
      t.ok((await notesOn(leader)).includes('here alone'), 'though it is there for all to see')
      t.equal(await outcome((tx) => tx.query('select from public.notes')), 'unknown', 'an answer that read it')
      t.equal(await outcome(() => Promise.reject(new Refusal('TAKEN', 409, 'taken', {}))), 'unknown', 'a refusal that read it')

      nodes.start(...othersThan(reign))
      await heal(nodes, reign)
      t.equal(await outcome((tx) => tx.query('select from public.notes')), 'answered')

      async function outcome(work: (tx: Tx) => Promise<unknown>): Promise<string> {
        return transaction(pool, work).then(
          () => 'answered',
          (err: unknown) => (isUnknown(err) ? 'unknown' : err instanceof Refusal ? 'refused' : String(err))
        )
      }
    }
  )

  /** Without a limit: a commit that waits for its quorum ends with the node, or not at all. */
  async function commit(node: string, note: string): Promise<'acknowledged' | 'unknown'> {
    const client = await connected(node)
    try {
      await client.query('insert into public.notes values ($1)', [note])
      await client.end()
      return 'acknowledged'
    } catch {
      return 'unknown'
    }
  }

  async function connected(node: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: nodes.urlOf('owner', node) })
    client.on('error', () => {}) // the query says it
    await client.connect()
    return client
  }

  async function fill(node: string): Promise<void> {
    const client = await connected(node)
    await client.query(`create table public.filler as select repeat('x', 300) from generate_series(1, ${FILLER_ROWS})`)
    await client.end()
  }

  /** Replay waits for it longer than usual. */
  async function readerOn(node: string): Promise<pg.Client> {
    await nodes.ask(node, `alter system set max_standby_streaming_delay = ${READER_MS}`)
    await nodes.ask(node, 'select pg_reload_conf()')
    await eventually(async () => (await nodes.ask(node, "select from public.notes where note = 'to be deleted'")).length > 0)
    const reader = await connected(node)
    await reader.query('begin isolation level repeatable read')
    await reader.query('select from public.notes')
    return reader
  }

  async function notesOn(node: string): Promise<string[]> {
    return (await nodes.ask(node, 'select note from public.notes order by note')).map(({ note }) => String(note))
  }

  /** The processes that make a copy for a node, the first one first: it starts another one for what is written meanwhile. */
  function backupsOf(node: string): number[] {
    const pids = readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0)
    return pids.filter((pid) => isBackup(pid, nodes.directoryOf(node))).toSorted((a, b) => a - b)
  }
})

async function soon(attempt: Promise<string>): Promise<string> {
  return Promise.race([attempt, sleep(NOBODY_MS, 'waits')])
}

function isBackup(pid: number, directory: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return words.includes('pg_basebackup') && words.includes(`${directory}/`)
  } catch {
    return false
  }
}
