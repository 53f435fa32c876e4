import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { isUnavailable } from './errors.ts'
import { type GivenNode, givenNodes } from './given-nodes.ts'
import { createLog } from './log.ts'
import { transaction } from './postgres.ts'
import { type Primary, watchPrimary, watchStandby } from './primary.ts'

const log = createLog('test', process.env.TEST_LOG_LEVEL ?? 'silent')
/** A node that does not answer is waited for longer than this. */
const AT_ONCE_MS = 400
const CONNECTIONS_MAX = 10 + 1
const WAIT_MS_MAX = 10_000

t.test('a new reign is found as soon as its gate is open, while the primary before it and another node are frozen', async (t) => {
  const { primary, nodes, reigns } = await givenPrimary(t, 1, 3)
  nodes[0]!.freeze()
  nodes[2]!.freeze()
  await sleep(1_200) // each of them has been asked in vain by now

  const openedMs = await nodes[1]!.reign(2)

  const { atMs, url } = await eventually(() => reigns[1])
  t.match(url, /127\.111\.1\.2/)
  t.ok(atMs - openedMs < AT_ONCE_MS, `after ${Math.round(atMs - openedMs)} ms`)
  t.equal(await commits(primary), true)
})

t.test('a newer reign ends what is under way in the one before, who waits for a connection there included', async (t) => {
  const { primary, nodes } = await givenPrimary(t, 2, 2)
  const before = primary.pool()
  const underway = Array.from({ length: 15 }, () => failure(transaction(before, (tx) => tx.query('select pg_sleep(2)'))))
  await eventually(() => before.waitingCount === 5 && before.totalCount === 10)

  await nodes[1]!.reign(2)
  await eventually(() => primary.pool() !== before)
  const failures = await Promise.all(underway)

  t.ok(failures.every(isUnavailable), 'nothing was committed: nothing was done')
  await eventually(() => nodes[0]!.connections() === 1)
})

t.test('a primary that says nothing is kept while it may be slow, left when that lasts, and costs few connections', async (t) => {
  const { primary, nodes } = await givenPrimary(t, 3, 2)
  const [node] = nodes as [GivenNode]
  const before = primary.pool()
  t.equal(await commits(primary), true)

  node.freeze()
  const frozenMs = performance.now()
  let most = 0
  const failures: Array<Promise<unknown>> = []
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 10; i++) failures.push(failure(transaction(before, (tx) => tx.query('select'))))
    await sleep(20)
    most = Math.max(most, node.connections())
  }
  t.equal(primary.pool(), before, 'a moment without an answer is no reason to leave it')
  await eventually(() => isAway(primary))
  t.ok(performance.now() - frozenMs > 3_000)
  t.ok(most > 1 && most <= CONNECTIONS_MAX, `${most} connections for ${failures.length} commands`)
  t.ok((await Promise.all(failures)).every((err) => err instanceof Error))
  await eventually(() => node.connections() <= 1)

  node.thaw()
  await eventually(() => commits(primary))
})

t.test('a primary that has become read-only is let go by the first command that finds out', async (t) => {
  const { primary, nodes } = await givenPrimary(t, 4, 2)
  const before = primary.pool()
  const [{ name }] = (await nodes[0]!.ask('select current_database() as name')) as [{ name: string }]
  await nodes[0]!.ask(`alter database ${name} set default_transaction_read_only = on`)

  const err = await failure(transaction(before, (tx) => tx.query('create table public.notes ()')))

  t.ok(isUnavailable(err))
  t.ok(before.ending, 'its pool is being destroyed')
  await nodes[0]!.ask(`alter database ${name} reset default_transaction_read_only`)
  await eventually(() => commits(primary))
  t.not(primary.pool(), before)
})

t.test('a primary that is gone is left at once, and found again when it is back', async (t) => {
  const { primary, nodes } = await givenPrimary(t, 5, 2)
  t.equal(await commits(primary), true)

  const diedMs = performance.now()
  await nodes[0]!.die()
  await eventually(() => isAway(primary))
  t.ok(performance.now() - diedMs < AT_ONCE_MS, `left after ${Math.round(performance.now() - diedMs)} ms`)
  await nodes[0]!.live()
  const livedMs = performance.now()

  await eventually(() => !isAway(primary))
  t.ok(performance.now() - livedMs < AT_ONCE_MS, `found after ${Math.round(performance.now() - livedMs)} ms`)
})

t.test('a primary that is far away is found, and serves', async (t) => {
  const { primary, nodes } = await givenPrimary(t, 7, 2)
  await nodes[0]!.die()
  await eventually(() => isAway(primary))

  nodes[0]!.far(100) // there, and 100 ms back: whoever connects waits for that three times
  await nodes[0]!.live()

  await eventually(() => commits(primary))
})

t.test('of nodes to read from, one that answers takes the place of one that does not', async (t) => {
  const { urls, nodes } = await givenNodes(t, 6, 2)
  const standby = watchStandby(urls, log)
  t.teardown(() => standby.close())
  const read = await eventually(() => !isAway(standby) && standby.pool())
  const which = Number(
    ((await read.query('select inet_server_addr(), current_database() as name')).rows[0] as { name: string }).name !==
      (await nameOf(nodes[0]!))
  )

  nodes[which]!.freeze()
  const frozenMs = performance.now()
  const cut = failure(read.query('select pg_sleep(5)'))
  await eventually(() => !isAway(standby) && standby.pool() !== read)

  t.ok(performance.now() - frozenMs < 1_000, `after ${Math.round(performance.now() - frozenMs)} ms`)
  t.ok((await cut) instanceof Error)
  t.equal((await standby.pool().query('select')).rowCount, 1)
})

interface Found {
  url: string
  atMs: number
}

/** The first node reigns, and is held. */
async function givenPrimary(t: Test, net: number, count: number) {
  const { urls, nodes } = await givenNodes(t, net, count)
  await nodes[0]!.reign(1)
  const primary = watchPrimary(urls, log)
  t.teardown(() => primary.close())
  const reigns: Found[] = []
  primary.onReign((url) => reigns.push({ url, atMs: performance.now() }))
  await eventually(() => !isAway(primary))
  return { primary, nodes, reigns }
}

async function nameOf(node: GivenNode): Promise<string> {
  const [{ name }] = (await node.ask('select current_database() as name')) as [{ name: string }]
  return name
}

function isAway(node: Pick<Primary, 'pool'>): boolean {
  try {
    return !node.pool()
  } catch {
    return true
  }
}

async function commits(primary: Primary): Promise<boolean> {
  try {
    await transaction(primary.pool(), (tx) => tx.query('select'))
    return true
  } catch {
    return false
  }
}

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'it worked',
    (err: unknown) => err
  )
}

async function eventually<T>(look: () => T | Promise<T>): Promise<Exclude<Awaited<T>, false | undefined>> {
  const deadline = performance.now() + WAIT_MS_MAX
  while (performance.now() < deadline) {
    const found = await look()
    if (found !== false && found !== undefined) return found as Exclude<Awaited<T>, false | undefined>
    await sleep(5)
  }
  throw new Error('it never came true')
}
