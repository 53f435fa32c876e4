import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { processesCalled, signal } from './postgres-node/processes.ts'
import { elect, firstReign, follow, type TestReign, untilAllStream } from './test-election.ts'
import { eventually, type TestNodes, testNodes } from './test-nodes.ts'

const INSTANCE = 105
/** Longer than a node waits for its stream before it gives it up. */
const SILENT_MS = 12_000

t.setTimeout(180_000)

t.test('a node that follows and gets nothing', async (t) => {
  const nodes = await testNodes(t, INSTANCE, ['pg1', 'pg2', 'pg3'])
  let reign = await firstReign(nodes)

  await t.test('asks for a copy when what it needs next was removed, and tells how far the copy is', async (t) => {
    await nodes.kill('pg3')
    await removeWal(nodes, reign)
    nodes.start('pg3')
    await eventually(async () => (await nodes.stateOf('pg3')).role === 'standby')
    t.equal(await follow(nodes, reign, 'pg3'), 'attached', 'by its number it may follow')

    await eventually(async () => (await nodes.stateOf('pg3')).needsCopy)

    const data = nodes.dataOf('pg3')
    await nodes.freezePostgres(reign.leader, 'checkpointer') // a copy begins with a checkpoint: it is under way until there is one
    t.equal(await follow(nodes, reign, 'pg3'), 'copying')
    t.match(await nodes.stateOf('pg3'), { copying: true, copyProgress: { bytes: 0 } })
    nodes.thaw(reign.leader)
    await untilAllStream(nodes)
    t.not(nodes.dataOf('pg3'), data)
    t.match(await nodes.stateOf('pg3'), { copying: false, needsCopy: false, copyProgress: undefined })
  })

  await t.test('does not give up its data for a primary that is dead', async (t) => {
    await nodes.kill(reign.leader)
    await sleep(SILENT_MS)

    for (const node of ['pg2', 'pg3']) t.match(await nodes.stateOf(node), { needsCopy: false, streaming: false, upstream: 'pg1' })

    reign = await elect(nodes, 2, ['pg2', 'pg3'])
  })

  await t.test('asks for a copy when its primary answers and nothing comes', async (t) => {
    const node = reign.leader === 'pg2' ? 'pg3' : 'pg2'
    writeFileSync(join(nodes.directoryOf(node), 'passfile'), '*:*:*:replicator:another\n')
    for (const pid of processesCalled('walsender', nodes.dataOf(reign.leader))) signal(pid, 'SIGTERM')
    const began = performance.now()

    await eventually(async () => (await nodes.stateOf(node)).needsCopy, 2 * SILENT_MS)

    t.ok(performance.now() - began > SILENT_MS / 2, 'but not at once')
  })
})

/** Whoever was away needs what was written meanwhile, and it is nowhere any more. */
async function removeWal(nodes: TestNodes, { leader }: TestReign): Promise<void> {
  for (let times = 0; times < 2; times++) await nodes.ask(leader, "select pg_logical_emit_message(true, 'test', ''), pg_switch_wal()")
  const [now] = await nodes.ask(leader, 'select pg_walfile_name(pg_current_wal_lsn()) as segment')
  const directory = join(nodes.dataOf(leader), 'pg_wal')
  for (const file of readdirSync(directory)) if (/^[0-9A-F]{24}$/.test(file) && file < String(now?.segment)) rmSync(join(directory, file))
}
