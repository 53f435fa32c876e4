import pg from 'pg'
import t from 'tap'
import { createLog } from '../chassis/log.ts'
import { transaction } from '../chassis/postgres.ts'
import { type Primary, watchPrimary, watchStandby } from '../chassis/primary.ts'
import { processesIn } from './postgres-node/processes.ts'
import { eventually, type TestNodes, testNodes } from './test-nodes.ts'

const INSTANCE = 101
const log = createLog('test', process.env.LOG_LEVEL ?? 'fatal')

t.test('three nodes, from nothing to a reign and through everything that may end', async (t) => {
  const nodes = await testNodes(t, INSTANCE)
  const firstMs = await untilReign(nodes, 0)
  const primary = watchPrimary(nodes.urlOf('owner'), log)
  t.teardown(() => primary.close())

  await t.test('an empty cluster is created once, and every node knows whose it is', async (t) => {
    await eventually(async () => (await nodes.reign()).streaming.length === 2)

    const states = await nodes.states()

    t.equal(new Set(states.map(({ systemIdentifier }) => systemIdentifier)).size, 1)
    t.strictSame(states.map(({ role }) => role).sort(), ['primary', 'standby', 'standby'])
    t.comment(`created in ${firstMs} ms`)
  })

  await t.test('a commit waits for a second node, and the superuser does not come over the network', async (t) => {
    await eventually(() => writes(primary, 'create table public.notes (note text primary key)'))
    await eventually(() => note(primary, 'first'))

    const { rows } = await primary.pool().query('show synchronous_standby_names')

    t.equal(rows[0].synchronous_standby_names, 'ANY 1 (pg1, pg2, pg3)')
    await t.rejects(ask(nodes.urlOf('postgres', 'pg1'), 'select 1'), { code: '28000' })
  })

  await t.test('with no second node a commit is not acknowledged', async (t) => {
    const { streaming } = await nodes.reign()
    await nodes.kill('failover', ...streaming)

    await t.rejects(note(primary, 'alone'), /outcome unknown/)

    nodes.start('failover', ...streaming)
    await untilReign(nodes, 0)
  })

  await t.test('a read goes to a standby that streams', async (t) => {
    const standby = watchStandby(nodes.urlOf('catalogue'), log)
    t.teardown(() => standby.close())
    await eventually(async () => (await nodes.reign()).streaming.length > 0)

    const inRecovery = async () => (await standby.pool().query('select pg_is_in_recovery() as standby')).rows[0].standby === true

    await eventually(inRecovery)
    t.ok(await inRecovery(), 'and it stays there')
  })

  await t.test('a standby that is killed with its agent comes back to follow', async (t) => {
    const [node] = (await nodes.reign()).streaming as [string]
    const data = nodes.dataOf(node)
    await nodes.kill(node)
    await eventually(() => note(primary, 'while one was away'))

    nodes.start(node)

    await eventually(async () => (await nodes.reign()).streaming.includes(node))
    await eventually(async () => (await notes(nodes.urlOf('owner', node))).includes('while one was away'))
    t.equal(nodes.dataOf(node), data)
  })

  await t.test('an agent that is killed finds its PostgreSQL running, and leaves it so', async (t) => {
    const { leader, epoch } = await nodes.reign()
    const started = 'select pg_postmaster_start_time()'
    const before = await ask(nodes.urlOf('owner', leader), started)
    await nodes.killAgent(leader)
    nodes.start(leader)

    await eventually(async () => (await nodes.states()).find(({ node, role }) => node === leader && role === 'primary'))
    await untilReign(nodes, epoch - 1)

    t.strictSame(await ask(nodes.urlOf('owner', leader), started), before)
    t.equal((await nodes.reign()).epoch, epoch)
  })

  await t.test('a second agent of the same node ends, and does no harm to the first', async (t) => {
    const { leader, epoch } = await nodes.reign()

    t.equal(await nodes.startAgain(leader), 1)

    await eventually(() => note(primary, 'all the same'))
    t.equal((await nodes.reign()).epoch, epoch)
  })

  await t.test('after the death of everything at once a later reign begins, and no row is lost', async (t) => {
    const { epoch } = await nodes.reign()
    const before = await notesOf(primary)
    const everything = ['pg1', 'pg2', 'pg3', 'failover']
    await nodes.kill(...everything)
    nodes.start(...everything)

    const ms = await untilReign(nodes, epoch)

    t.strictSame(await eventually(() => notesOf(primary)), before)
    await eventually(() => note(primary, 'after the crash'))
    t.comment(`past its gate after ${ms} ms`)
  })

  await t.test('when the primary alone dies, another reign begins by itself', async (t) => {
    const { leader, epoch } = await nodes.reign()
    await nodes.killPostgres(leader)

    const ms = await untilReign(nodes, epoch)

    await eventually(() => note(primary, 'after its death'))
    t.ok((await notesOf(primary)).includes('after the crash'))
    t.comment(`past its gate after ${ms} ms`)
  })

  await t.test('a primary that comes back to the reign of another is copied anew, and follows', async (t) => {
    const { leader, epoch } = await nodes.reign()
    const data = nodes.dataOf(leader)
    await nodes.kill(leader)
    await untilReign(nodes, epoch)
    nodes.start(leader)

    await eventually(async () => (await nodes.reign()).streaming.includes(leader))

    t.not(nodes.dataOf(leader), data)
    await eventually(() => note(primary, 'while it was a copy'))
    const all = await notesOf(primary)
    await eventually(async () => (await notes(nodes.urlOf('owner', leader))).join() === all.join())
  })

  await t.test('an agent that is asked to end takes its PostgreSQL with it', async (t) => {
    const { leader } = await nodes.reign()
    await nodes.stop(leader)

    t.strictSame(processesIn(nodes.dataOf(leader)), [])
  })
})

/** @returns How long it took until a reign later than `epoch` was past its gate. */
async function untilReign(nodes: TestNodes, epoch: number): Promise<number> {
  const began = performance.now()
  await eventually(async () => {
    const reign = await nodes.reign()
    return reign.ready && reign.epoch > epoch
  }, 25_000)
  return Math.round(performance.now() - began)
}

function note(primary: Primary, text: string): Promise<boolean> {
  return writes(primary, `insert into public.notes values ('${text}') on conflict do nothing`)
}

async function writes(primary: Primary, sql: string): Promise<boolean> {
  await transaction(primary.pool(), (tx) => tx.query(sql))
  return true
}

async function notesOf(primary: Primary): Promise<string[]> {
  const { rows } = await primary.pool().query<{ note: string }>('select note from public.notes order by note')
  return rows.map(({ note }) => note)
}

async function notes(url: string): Promise<string[]> {
  return (await ask(url, 'select note from public.notes order by note')).map(({ note }) => String(note))
}

async function ask(url: string, sql: string): Promise<Array<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000, query_timeout: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
