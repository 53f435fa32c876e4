import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import t, { type Test } from 'tap'
import {
  asRoot,
  killServer,
  type MariadbNode,
  mariadbNodes,
  missing,
  PASSWORDS,
  promoted,
  serverOf,
  sql,
  state,
  toldToYield,
  until
} from './given-mariadb.ts'

t.setTimeout(420_000) // ten promotions on two machines' worth of servers
const [one, two] = await mariadbNodes()
one.start()
two.start()
const LOOKS = 6
const written: number[] = []
const cut: number[] = [] // never answered: they may not stand anywhere in the end

t.test('a primary that is well is not replaced, unless that is wished for; a node is promoted once', async (t) => {
  await pairOf(one, two)
  await sql(one, 'create table notes (id integer primary key)')
  await write(one, 1)

  t.equal(await promoted(two), 'PRIMARY_IS_WELL')
  t.equal(await promoted(one), 1, 'it leads already')
  const writing = writeUntilLost(one, 2)
  t.equal(await promoted(two, { force: true }), 2)
  await writing
  await pairOf(two, one)

  t.equal(await promoted(two), 2, 'asked twice, done once')
  await equal(t)
  await t.rejects(sql(one, 'insert into notes values (99)'), { code: 'ER_OPTION_PREVENTS_STATEMENT' })
})

t.test('a primary that died is replaced, and writes wait until it is back as the replica', async (t) => {
  await two.kill()

  t.equal(await promoted(one), 3)
  t.match(await missing(one), [/permission to write/, 'a connected replica'])
  await t.rejects(write(one, 101), { code: 'ER_OPTION_PREVENTS_STATEMENT' })
  two.start()
  await pairOf(one, two)
  await write(one, 101)

  t.notOk(existsSync(join(two.directory, 'before')), 'what it had was the beginning of what there is: nothing was copied')
  await equal(t)
})

t.test('a frozen primary is replaced; thawed, it acknowledges nothing, and then it follows', async (t) => {
  await one.freeze('agent', 'server')

  t.equal(await promoted(two), 4)
  await one.thaw('server')
  let answered = false
  sql(one, 'insert into notes values (102)').then(
    () => {
      answered = true
    },
    () => {}
  )
  cut.push(102)
  await until(async () => (await waitingFor(one)) > 0)
  t.notOk(answered)
  await one.thaw('agent')
  await pairOf(two, one)

  await write(two, 103)
  t.notOk(answered)
  await equal(t)
})

t.test('a frozen server whose agent lives is ended by it', async (t) => {
  await two.freeze('server')
  await until(async () => (await missing(two)).length > 0)

  t.equal(await promoted(one), 5)

  await pairOf(one, two)
  await write(one, 104)
  await equal(t)
})

t.test('what a former primary logged and nobody acknowledged is cut off', async (t) => {
  await unacknowledged(one, two, 105)
  await one.kill()
  await two.thaw('agent')

  t.equal(await promoted(two), 6)
  one.start()
  await pairOf(two, one)

  await write(two, 106)
  t.notOk(existsSync(join(one.directory, 'before')))
  await equal(t)
})

t.test('what a former primary even committed without an answer is kept aside, and the leader is copied', async (t) => {
  await unacknowledged(two, one, 107)
  const [session] = await asRoot(two, "select id from information_schema.processlist where info = 'insert into notes values (107)'")
  await asRoot(two, `kill ${session?.id}`)
  await until(async () => (await notes(two)).includes(107))
  await asRoot(two, 'flush local engine logs') // or its next start would not know that it was committed
  await two.kill()
  await one.thaw('agent')

  t.equal(await promoted(one), 7)
  two.start()
  await pairOf(one, two)

  await write(one, 108)
  t.ok(existsSync(join(two.directory, 'before')))
  await equal(t)
})

t.test('a replica that cannot show that it has everything is not promoted, unless a loss is accepted', async (t) => {
  await one.kill()
  await killServer(two)
  await until(async () => (await state(two)).replication?.sql === 'Yes')

  t.equal(await promoted(two), 'NOT_WHOLE')
  one.start()
  await pairOf(one, two)
  await write(one, 109)
})

t.test('a leader may go on alone, as an operator decides; then nobody is promoted over it until that is taken back', async (t) => {
  await one.kill()

  t.equal(await promoted(two, { alone: true }), 8)
  await write(two, 110)
  one.start()
  await until(async () => (await notes(one).catch((): number[] => [])).includes(110))
  t.equal(await promoted(one, { force: true }), 'RUNS_ALONE')
  await killServer(two)
  await until(async () => (await state(two)).status?.readOnly === false)
  await write(two, 111)

  t.equal(await promoted(two, { alone: false }), 8)
  await until(async () => !(await state(one)).alone)
  await pairOf(two, one)
  t.equal(await promoted(one, { force: true }), 9)
  await pairOf(one, two)
  await equal(t)
})

t.test('a primary that comes back alone is readable and takes no writes until it knows that it still leads', async (t) => {
  await two.kill()
  await one.kill()
  one.start()

  await until(async () => (await missing(one)).some((what) => what.includes('permission to write')))
  t.ok((await notes(one)).includes(111))
  await t.rejects(sql(one, 'insert into notes values (99)'), { code: 'ER_OPTION_PREVENTS_STATEMENT' })

  two.start()
  await pairOf(one, two)
  await write(one, 112)
  await equal(t)
})

t.test('a replica whose server dies while it is promoted leads nobody, and what it had not applied yet is not lost', async (t) => {
  const [{ term }, server] = [await state(one), await serverOf(one)]
  const stuck = await holdNotes(two)
  await write(one, 113) // acknowledged: the replica has received it, and cannot apply it

  const order = promoted(two, { force: true })
  await until(async () => (await asRoot(two, 'show slave status'))[0]?.Slave_IO_Running === 'No')
  await killServer(two)

  t.equal(await order, 'NOT_WHOLE')
  stuck.destroy()
  t.match(await state(one), { term, leader: 'maria1' })
  t.equal(await serverOf(one), server, 'the primary has gone on')
  await pairOf(one, two)
  await write(one, 114)
  await equal(t)
})

t.test('a node does not lead because the other one says so: it asks for more than that', async (t) => {
  const { term } = await state(one)

  t.equal(await toldToYield(one, { term, leader: 'maria2', alone: false }), 'LATER_TERM', 'this term has a leader')
  t.equal(await toldToYield(one, { term: term + 1, leader: 'maria2', alone: false }), 'done')
  await until(async () => (await state(one)).replication?.io === 'Yes')
  await looks(two)

  t.match(await state(two), { term, leader: 'maria1' })
  t.equal(await promoted(two), term + 2)
  await pairOf(two, one)
  await write(two, 115)
  await equal(t)
})

t.test('a replica is not whole before the leader waits for it', async (t) => {
  await asRoot(two, 'set global rpl_semi_sync_master_enabled = 0')
  const before = await serverOf(one)
  await killServer(one)
  await until(async () => (await missing(one)).length === 0 && (await state(one)).pid !== before)
  await looks(one)

  t.equal((await state(one)).whole, false)
  await asRoot(two, 'set global rpl_semi_sync_master_enabled = 1')
  await pairOf(two, one)
  await equal(t)
})

t.teardown(async () => {
  for (const node of [one, two]) {
    await node.end('SIGTERM')
    await rm(node.directory, { recursive: true })
  }
})

/** The first leads and the second follows, both in good order. */
async function pairOf(leader: MariadbNode, replica: MariadbNode): Promise<void> {
  await until(async () => {
    if ((await missing(leader)).length + (await missing(replica)).length > 0) return false
    const [leading, following] = [await state(leader), await state(replica)]
    return leading.leader === leading.name && following.leader === leading.name && following.whole === true
  })
}

/** Until the connection ends, nothing is applied to the notes of a replica. */
async function holdNotes({ directory }: MariadbNode) {
  const connection = await createConnection({ socketPath: join(directory, 'mariadb.sock'), user: userInfo().username })
  connection.on('error', () => {}) // its server is killed
  await connection.query('lock tables billing.notes write')
  return connection
}

/** Resolves when the agent has looked at its node often enough to have come to a conclusion. */
async function looks(node: MariadbNode): Promise<void> {
  const count = async () => Number((await asRoot(node, "show global status like 'Com_show_slave_status'"))[0]?.Value)
  const before = await count()
  await until(async () => (await count()) >= before + LOOKS)
}

async function write(node: MariadbNode, id: number): Promise<void> {
  await sql(node, `insert into notes values (${id})`)
  written.push(id)
}

/** One after the other, until one is not answered. */
async function writeUntilLost(node: MariadbNode, first: number): Promise<void> {
  for (let id = first; id < 90; id++) {
    const outcome = await write(node, id).then(
      () => 'written',
      () => 'unknown'
    )
    if (outcome === 'unknown') return
  }
}

/** A write that is in the primary's log and on no other node. */
async function unacknowledged(primary: MariadbNode, replica: MariadbNode, id: number): Promise<void> {
  cut.push(id)
  await replica.freeze('agent')
  await asRoot(replica, 'stop slave io_thread')
  sql(primary, `insert into notes values (${id})`).catch(() => {})
  await until(async () => (await waitingFor(primary)) > 0)
}

/** Sessions that wait for a replica, asked of the server itself. */
async function waitingFor(node: MariadbNode): Promise<number> {
  const [row] = await asRoot(node, "show global status like 'Rpl_semi_sync_master_wait_sessions'").catch(() => [])
  return Number(row?.Value ?? 0)
}

/** Every write that was answered stands on both nodes, none that had to go does, and they are the same. */
async function equal(t: Test): Promise<void> {
  await until(async () => (await notes(one)).join() === (await notes(two)).join())
  const there = new Set(await notes(one))
  t.strictSame(
    written.filter((id) => !there.has(id)),
    []
  )
  t.strictSame(
    cut.filter((id) => there.has(id)),
    []
  )
  await until(async () => (await state(one)).status?.gtid.current === (await state(two)).status?.gtid.current)
}

async function notes(node: MariadbNode): Promise<number[]> {
  return (await sql(node, 'select id from notes order by id', 'reader', PASSWORDS.reader)).map(({ id }) => id)
}
