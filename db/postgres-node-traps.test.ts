import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { elect, firstReign, follow, gate, heal, othersThan, prepareAll, promoteBest } from './test-election.ts'
import { eventually, testNodes } from './test-nodes.ts'

const INSTANCE = 106

t.setTimeout(240_000)

t.test('what loses or doubles an acknowledged commit where a rule is missing', async (t) => {
  const nodes = await testNodes(t, INSTANCE, ['pg1', 'pg2', 'pg3'])
  let reign = await firstReign(nodes)
  await nodes.ask(reign.leader, 'create table public.notes (note text primary key); grant all on public.notes to owner')
  t.beforeEach(() => heal(nodes, reign))

  await t.test('a node that has more than its primary began with is made anew, not attached', async (t) => {
    const [ahead, behind] = othersThan(reign)
    const former = reign.leader
    await nodes.kill(behind)
    t.equal(await commit(former, 'on two nodes, of which neither is asked'), 'acknowledged')
    await nodes.kill(former)
    nodes.start(behind)
    await untilRole(behind, 'standby')
    reign = await promoteBest(nodes, 2, await prepareAll(nodes, 2, [behind])) // what only a person may do: by one node alone
    const data = nodes.dataOf(ahead)

    t.equal(await follow(nodes, reign, ahead, { mayCopy: false }), 'needs-copy')
    t.equal((await nodes.stateOf(ahead)).needsCopy, true)
    await gate(nodes, reign, [ahead])

    t.not(nodes.dataOf(ahead), data)
    t.strictSame(await notesOn(ahead), [], 'and tells nothing that its primary does not know')
    nodes.start(former)
    await heal(nodes, reign)
  })

  await t.test('a wiped node has no say in an election, and is copied', async (t) => {
    const { leader } = reign
    const [wiped, other] = othersThan(reign)
    await nodes.kill(wiped)
    for (const entry of readdirSync(nodes.directoryOf(wiped))) rmSync(join(nodes.directoryOf(wiped), entry), { recursive: true })
    t.equal(await commit(leader, 'while one was wiped'), 'acknowledged')
    nodes.start(wiped)
    await untilRole(wiped, 'empty')

    await t.rejects(prepareAll(nodes, 3, [wiped]), { code: 'NOT_READY' })

    reign = await elect(nodes, 3, [leader, other])
    await heal(nodes, reign)
    t.ok((await notesOn(wiped)).includes('while one was wiped'))
  })

  await t.test('a node asked to prepare amid a copy gives it up, and answers from the data it has', async (t) => {
    const former = reign.leader
    t.equal(await commit(former, 'before the copy'), 'acknowledged')
    const { lsn, rowEpoch } = await nodes.stateOf(former)
    await nodes.killPostgres(former)
    reign = await elect(nodes, 4, othersThan(reign))
    const [follower] = othersThan(reign).filter((node) => node !== former) as [string]
    await untilRole(former, 'standby')
    await nodes.freezePostgres(reign.leader, 'checkpointer') // a copy begins with a checkpoint: it stays under way
    t.equal(await follow(nodes, reign, former), 'copying')
    t.equal(await commit(reign.leader, 'amid the copy'), 'acknowledged')

    const [prepared] = await prepareAll(nodes, 5, [former])

    t.ok((prepared?.lsn ?? 0) >= (lsn ?? 1), 'all that was on it is on it')
    t.equal(prepared?.rowEpoch, rowEpoch)
    await eventually(async () => !(await nodes.stateOf(former)).copying && dataDirectoriesOf(former).length === 1)
    const dead = reign.leader
    await nodes.kill(dead)
    reign = await elect(nodes, 5, [former, follower])
    t.equal(reign.leader, follower, 'who followed the newer reign knows more')
    t.ok((await notesOn(follower)).includes('amid the copy'))
    nodes.start(dead)
  })

  await t.test('a reader holds up what is replayed, not the end of following, nor is a lower number told for it', async (t) => {
    const [held, other] = othersThan(reign)
    t.equal(await commit(reign.leader, 'to be deleted'), 'acknowledged')
    await eventually(async () => (await notesOn(held)).includes('to be deleted'))
    const reader = await connected('owner', held)
    await reader.query('begin isolation level repeatable read')
    await reader.query('select from public.notes')
    await nodes.ask(reign.leader, "delete from public.notes where note = 'to be deleted'")
    await nodes.ask(reign.leader, 'vacuum public.notes')
    t.equal(await commit(reign.leader, 'behind the reader'), 'acknowledged')
    const flushed = `select from pg_stat_replication where application_name = '${held}' and flush_lsn = pg_current_wal_flush_lsn()`
    await eventually(async () => (await nodes.ask(reign.leader, flushed)).length > 0)
    const { lsn } = await nodes.stateOf(reign.leader)
    await nodes.kill(reign.leader)
    const dead = reign.leader

    const prepared = await prepareAll(nodes, 6, [held, other])

    const [replayed] = await nodes.ask(held, "select (pg_last_wal_replay_lsn() - '0/0')::float8 as lsn")
    t.ok((prepared[0]?.lsn ?? 0) >= (lsn ?? 1))
    t.equal(prepared[0]?.lsn, replayed?.lsn, 'it answers when all of it is replayed')
    await t.rejects(reader.query('select from public.notes'), 'the reader was told to come again')
    reign = await promoteBest(nodes, 6, prepared)
    t.strictSame((await nodes.stateOf(reign.leader)).ledFrom?.lsn, prepared.find(({ node }) => node === reign.leader)?.lsn)
    await gate(nodes, reign, [reign.leader === held ? other : held])
    t.ok((await notesOn(reign.leader)).includes('behind the reader'))
    nodes.start(dead)
  })

  await t.test('a receiver that does not go takes its PostgreSQL with it', async (t) => {
    const [held, other] = othersThan(reign)
    t.equal(await commit(reign.leader, 'flushed before'), 'acknowledged')
    await nodes.freezePostgres(held, 'walreceiver')

    reign = await elect(nodes, 7, [held, other])

    t.ok((await notesOn(reign.leader)).includes('flushed before'))
  })

  await t.test('a primary whose agent was killed goes on committing; one that was killed comes back following nobody', async (t) => {
    const { leader } = reign
    await nodes.killAgent(leader)
    t.equal(await commit(leader, 'without its agent'), 'acknowledged')
    nodes.start(leader)
    await untilRole(leader, 'primary')
    t.equal(await commit(leader, 'with another agent'), 'acknowledged')

    await nodes.killPostgres(leader)

    await untilRole(leader, 'standby')
    t.match(await nodes.stateOf(leader), { upstream: null, streaming: false })
    t.match(await commit(leader, 'to a standby'), 'unknown')
    reign = await elect(nodes, 8, [leader, ...othersThan(reign)])
    t.ok((await notesOn(reign.leader)).includes('with another agent'))
  })

  await t.test('after the death of all three nodes at once every acknowledged commit is there', async (t) => {
    t.equal(await commit(reign.leader, 'just before'), 'acknowledged')
    await nodes.kill('pg1', 'pg2', 'pg3')
    nodes.start('pg1', 'pg2', 'pg3')
    for (const node of ['pg1', 'pg2', 'pg3']) await untilRole(node, 'standby')

    reign = await elect(nodes, 9, ['pg1', 'pg2', 'pg3'])

    t.ok((await notesOn(reign.leader)).includes('just before'))
  })

  await t.test('a commit cut off before its quorum is seen by everybody or by nobody, and is never acknowledged', async (t) => {
    for (const [epoch, note] of [
      [10, 'cut off, and lost'],
      [11, 'cut off, and kept']
    ] as const) {
      const { leader } = reign
      const others = othersThan(reign)
      await nodes.kill(...others)
      const attempt = commit(leader, note)
      await untilWaiting(leader)
      await nodes.killPostgres(leader)
      t.equal(await attempt, 'unknown')
      await untilRole(leader, 'standby')
      t.ok((await notesOn(leader)).includes(note), 'it is visible where it was cut off')
      nodes.start(...others)
      for (const node of others) await untilRole(node, 'standby')

      const kept = note.endsWith('kept')
      reign = await elect(nodes, epoch, kept ? [leader, others[0]] : others)
      await heal(nodes, reign)

      for (const node of ['pg1', 'pg2', 'pg3']) await eventually(async () => (await notesOn(node)).includes(note) === kept)
    }
  })

  await t.test('a primary that was frozen through an election acknowledges nothing after it, and is made anew', async (t) => {
    const zombie = reign.leader
    const data = nodes.dataOf(zombie)
    await nodes.freeze(zombie)
    reign = await elect(nodes, 12, othersThan(reign))
    t.equal(await commit(reign.leader, 'while one was frozen'), 'acknowledged')
    nodes.thaw(zombie)
    await untilRole(zombie, 'primary')

    const attempt = commit(zombie, 'from the past')
    await untilWaiting(zombie)
    await heal(nodes, reign)

    t.equal(await attempt, 'unknown')
    t.not(nodes.dataOf(zombie), data)
    for (const node of ['pg1', 'pg2', 'pg3'])
      await eventually(async () => {
        const notes = await notesOn(node)
        return notes.includes('while one was frozen') && !notes.includes('from the past')
      })
  })

  await t.test('a PostgreSQL that is frozen is told apart from one that ended', async (t) => {
    await nodes.freezePostgres(reign.leader)
    const began = performance.now()

    t.equal((await nodes.stateOf(reign.leader)).role, 'silent')

    t.comment(`said after ${Math.round(performance.now() - began)} ms`)
    nodes.thaw(reign.leader)
    await untilRole(reign.leader, 'primary')
  })

  /** Without a limit: a commit that waits for its quorum ends with the node, or not at all. */
  async function commit(node: string, note: string): Promise<'acknowledged' | 'unknown'> {
    try {
      const client = await connected('owner', node)
      await client.query('insert into public.notes values ($1)', [note])
      await client.end()
      return 'acknowledged'
    } catch {
      return 'unknown'
    }
  }

  async function connected(role: string, node: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: nodes.urlOf(role, node) })
    client.on('error', () => {}) // the query says it
    await client.connect()
    return client
  }

  async function notesOn(node: string): Promise<string[]> {
    return (await nodes.ask(node, 'select note from public.notes order by note')).map(({ note }) => String(note))
  }

  async function untilRole(node: string, role: string): Promise<void> {
    await eventually(async () => (await nodes.stateOf(node)).role === role)
  }

  async function untilWaiting(node: string): Promise<void> {
    await eventually(async () => (await nodes.ask(node, "select from pg_stat_activity where wait_event = 'SyncRep'")).length > 0)
  }

  function dataDirectoriesOf(node: string): string[] {
    return readdirSync(nodes.directoryOf(node)).filter((entry) => entry.startsWith('data-'))
  }
})
