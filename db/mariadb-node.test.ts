import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { forbidsFollowing } from './mariadb-node/lineage.ts'
import { findServer } from './mariadb-node/process.ts'

const NET = `127.103.${(process.pid % 250) + 1}`
const READY_MS_MAX = 30_000
const passwords = { root: 'r', owner: 'o', replicator: 'r', writer: 'w', reader: 'e' }

const primary = testNode('maria1', 'primary', `${NET}.1`)
const replica = testNode('maria2', 'replica', `${NET}.2`)

t.before(async () => {
  for (const node of [primary, replica]) node.directory = await mkdtemp(join(tmpdir(), 'maria-'))
  await writeFile(join(primary.directory, 'passwords.json'), JSON.stringify(passwords))
  primary.start()
  replica.start()
})

t.test('two empty machines become a primary that takes writes and a replica that has them', async (t) => {
  await bothReady()

  await sql(primary, 'create table notes (id integer primary key)')
  await sql(primary, 'insert into notes values (1)')

  t.strictSame(await notes(replica), [1], 'as soon as it was answered')
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
  await until(async () => (await readiness(primary)).includes('a connected replica'))

  t.notOk(answered)
  replica.start()
  await write
  t.strictSame(await notes(replica), [1, 2])
})

t.test('a killed server is started again with all that was answered', async (t) => {
  await bothReady()

  await killServer(primary)
  await until(async () => (await findServer(join(primary.directory, 'data'))) !== undefined)
  await bothReady()

  t.strictSame(await notes(primary), [1, 2])
})

t.test('an agent that comes back takes over the running server', async (t) => {
  const before = await findServer(join(primary.directory, 'data'))

  await primary.end('SIGKILL')
  primary.start()
  await bothReady()

  t.equal((await findServer(join(primary.directory, 'data')))?.pid, before?.pid)
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
  t.strictSame(await notes(replica), [1, 2])
  await sql(replica, 'select * from more', 'reader', passwords.reader)
})

t.test('a replica that cannot apply what the primary did copies it', async (t) => {
  await sql(replica, 'select 1')
  await asRoot(replica, 'set sql_log_bin = 0', 'insert into billing.notes values (3)')

  await sql(primary, 'insert into notes values (3), (4)')
  await until(async () => (await notes(replica).catch((): number[] => [])).includes(4))
  await bothReady()

  t.strictSame(await notes(replica), [1, 2, 3, 4])
})

t.test('a primary that lost its data is not copied: the replica keeps what it has, and says why', async (t) => {
  await primary.end('SIGTERM')
  await rm(join(primary.directory, 'data'), { recursive: true })
  primary.start()

  await until(async () => (await readiness(replica)).some((missing) => missing.includes('another history')))

  t.strictSame(await notes(replica), [1, 2, 3, 4])
  t.ok((await readiness(primary)).length > 0)
})

t.test('the end of an agent is the end of its server', async (t) => {
  for (const node of [primary, replica]) {
    await node.end('SIGTERM')

    t.equal(await findServer(join(node.directory, 'data')), undefined)
    await rm(node.directory, { recursive: true })
  }
})

t.test('a copy may be replaced by more of the same history only', async (t) => {
  const own = { identity: 'a', position: '0-1-10' }

  t.equal(forbidsFollowing(own, { identity: 'a', position: '0-2-10' }), undefined)
  t.match(forbidsFollowing(own, { identity: 'a', position: '0-1-9' }), /holds less/)
  t.match(forbidsFollowing(own, { identity: 'b', position: '0-1-11' }), /another history/)
  t.match(forbidsFollowing({ identity: undefined, position: '' }, { identity: undefined, position: '' }), /not ready/)
})

interface TestNode {
  directory: string
  address: string
  start: () => void
  end: (signal: NodeJS.Signals) => Promise<void>
}

function testNode(name: string, role: string, address: string): TestNode {
  let child: ChildProcess | undefined
  const node = { directory: '', address, start, end }
  return node

  function start(): void {
    const env = {
      ...process.env,
      NODE_NAME: name,
      ROLE: role,
      PRIMARY_ADDRESS: `${NET}.1`,
      DATA_DIRECTORY: node.directory,
      PASSWORDS_FILE: join(primary.directory, 'passwords.json'),
      AGENT_TOKEN: 'secret',
      LISTEN_ADDRESS: address
    }
    child = spawn(process.execPath, ['--disable-warning=FSTDEP023', 'db/mariadb-node.main.ts'], {
      env,
      stdio: ['ignore', 'ignore', 'inherit']
    })
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
}

async function bothReady(): Promise<void> {
  await until(async () => (await readiness(primary)).length + (await readiness(replica)).length === 0)
}

async function readiness({ address }: TestNode): Promise<string[]> {
  const answer = await fetch(`http://${address}:8400/readyz`).catch(() => undefined)
  return answer ? (((await answer.json()) as { missing: string[] }).missing ?? []) : ['agent']
}

async function waiting({ address }: TestNode): Promise<number> {
  const answer = await fetch(`http://${address}:8400/state`, { headers: { authorization: 'Bearer secret' } })
  return ((await answer.json()) as { status?: { semiSync: { waiting: number } } }).status?.semiSync.waiting ?? 0
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + READY_MS_MAX; !(await holds()); await sleep(100)) {
    if (performance.now() > deadline) throw new Error('waited in vain')
  }
}

async function sql({ address }: TestNode, text: string, user = 'owner', password = passwords.owner): Promise<RowDataPacket[]> {
  const connection = await createConnection({ host: address, user, password, database: 'billing' })
  connection.on('error', () => {})
  try {
    const [rows] = await connection.query<RowDataPacket[]>(text)
    return rows
  } finally {
    connection.destroy()
  }
}

async function asRoot({ directory }: TestNode, ...statements: string[]): Promise<void> {
  const connection = await createConnection({ socketPath: join(directory, 'mariadb.sock'), user: process.env.USER ?? 'root' })
  for (const statement of statements) await connection.query(statement)
  connection.destroy()
}

async function notes(node: TestNode): Promise<number[]> {
  return (await sql(node, 'select id from notes order by id', 'reader', passwords.reader)).map(({ id }) => id)
}

async function killServer({ directory }: TestNode): Promise<void> {
  const server = await findServer(join(directory, 'data'))
  if (server) process.kill(server.pid, 'SIGKILL')
  while (await findServer(join(directory, 'data'))) await sleep(20)
}
