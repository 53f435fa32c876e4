import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
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
  until,
  waiting
} from './given-mariadb.ts'
import { forbidsFollowing } from './mariadb-node/lineage.ts'

const [primary, replica] = await mariadbNodes()
primary.start()
replica.start()

t.test('two empty machines become a primary that takes writes and a replica that has them', async (t) => {
  await bothReady()

  await sql(primary, 'create table notes (id integer primary key)')
  await sql(primary, 'insert into notes values (1)')

  t.strictSame(await applied(1), [1])
  await t.rejects(sql(replica, 'insert into notes values (9)'), { code: 'ER_OPTION_PREVENTS_STATEMENT' }, 'nobody of ours writes here')
  await t.rejects(sql(primary, 'select 1', 'root', ''), { code: 'ER_ACCESS_DENIED_ERROR' }, 'root does not come by the network')
})

t.test('a write waits for the replica, for as long as that takes', async (t) => {
  await replica.end('SIGKILL')
  await killServer(replica)
  let answered = false

  const write = sql(primary, 'insert into notes values (2)').then(() => {
    answered = true
  })
  await until(async () => (await missing(primary)).includes('a connected replica'))

  t.notOk(answered)
  replica.start()
  await write
  t.strictSame(await applied(2), [1, 2])
})

t.test('a killed server is started again with all that was answered', async (t) => {
  await bothReady()

  await killServer(primary)
  await until(async () => (await serverOf(primary)) !== undefined)
  await bothReady()

  t.strictSame(await notes(primary), [1, 2])
})

t.test('an agent that comes back takes over the running server', async (t) => {
  const before = await serverOf(primary)

  await primary.end('SIGKILL')
  primary.start()
  await bothReady()

  t.equal(await serverOf(primary), before)
})

t.test('a wiped replica copies the primary, even while a definition waits for it', async (t) => {
  await replica.end('SIGKILL')
  await killServer(replica)
  await rm(join(replica.directory, 'data'), { recursive: true })
  const definition = sql(primary, 'create table more (id integer primary key)').catch(() => 'unknown')
  await until(async () => (await waiting(primary)) > 0)

  replica.start()
  await bothReady()

  t.equal(await definition, 'unknown', 'its connection was closed: it kept its table from being copied')
  t.strictSame(await applied(2), [1, 2])
  await sql(replica, 'select * from more', 'reader', PASSWORDS.reader)
})

t.test('a replica that cannot apply what the primary did copies it', async (t) => {
  await asRoot(replica, 'set sql_log_bin = 0', 'insert into billing.notes values (3)')

  await sql(primary, 'insert into notes values (3), (4)')
  await until(async () => (await notes(replica).catch((): number[] => [])).includes(4))
  await bothReady()

  t.strictSame(await notes(replica), [1, 2, 3, 4])
})

t.test('a primary that lost its data takes no writes and is not copied: the replica keeps what it has, and says why', async (t) => {
  await primary.end('SIGTERM')
  await rm(join(primary.directory, 'data'), { recursive: true })
  primary.start()

  await until(async () => (await missing(replica)).some((what) => what.includes('not ready to be copied')))
  await until(async () => (await missing(primary)).some((what) => what.includes('permission to write')))

  t.strictSame(await notes(replica), [1, 2, 3, 4])
  await t.rejects(sql(primary, 'create table notes (id integer primary key)'), { code: 'ER_OPTION_PREVENTS_STATEMENT' })
})

t.test('when the replica is promoted over it, it copies what it had lost', async (t) => {
  t.equal(await promoted(replica, { acceptLoss: true }), 2)

  await bothReady()
  t.strictSame(await notes(primary), [1, 2, 3, 4])
  await sql(replica, 'insert into notes values (5)')
})

t.test('the end of an agent is the end of its server', async (t) => {
  for (const node of [primary, replica]) {
    await node.end('SIGTERM')

    t.equal(await serverOf(node), undefined)
    await rm(node.directory, { recursive: true })
  }
})

t.test('a copy may be replaced by more of the same history only, or by that of a later term', async (t) => {
  const own = { identity: 'a', position: '0-1-10', term: 1 }

  t.equal(forbidsFollowing(own, { identity: 'a', position: '0-2-10', term: 1 }), undefined)
  t.match(forbidsFollowing(own, { identity: 'a', position: '0-1-9', term: 1 }), /holds less/)
  t.equal(forbidsFollowing(own, { identity: 'a', position: '0-1-9', term: 2 }), undefined)
  t.match(forbidsFollowing(own, { identity: 'b', position: '0-1-11', term: 2 }), /another history/)
  t.match(forbidsFollowing({ identity: undefined, position: '', term: 1 }, { identity: undefined, position: '', term: 1 }), /not ready/)
})

/** What was answered is logged on the replica; that it is shown there follows. */
async function applied(last: number): Promise<number[]> {
  await until(async () => (await notes(replica).catch((): number[] => [])).includes(last))
  return notes(replica)
}

async function notes(node: MariadbNode): Promise<number[]> {
  return (await sql(node, 'select id from notes order by id', 'reader', PASSWORDS.reader)).map(({ id }) => id)
}

async function bothReady(): Promise<void> {
  await until(async () => (await missing(primary)).length + (await missing(replica)).length === 0)
}
