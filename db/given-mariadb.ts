import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { findServer } from './mariadb-node/process.ts'

const NET = `127.103.${(process.pid % 250) + 1}`
const WAIT_MS_MAX = 40_000

export const PASSWORDS = { root: 'unused', owner: 'o', replicator: 'p', writer: 'w', reader: 'e' }

/** For tests: a MariaDB node and its agent, as a process of its own. */
export interface MariadbNode {
  address: string
  directory: string
  start: () => void
  /** Of the agent alone: SIGKILL leaves its server running. */
  end: (signal: NodeJS.Signals) => Promise<void>
}

export async function mariadbNodes(): Promise<[primary: MariadbNode, replica: MariadbNode]> {
  return [await node('maria1', 'primary', `${NET}.1`), await node('maria2', 'replica', `${NET}.2`)]
}

async function node(name: string, role: string, address: string): Promise<MariadbNode> {
  const directory = await mkdtemp(join(tmpdir(), 'maria-'))
  const passwords = join(directory, 'passwords.json')
  await writeFile(passwords, JSON.stringify(PASSWORDS))
  const settings = {
    NODE_NAME: name,
    ROLE: role,
    PRIMARY_ADDRESS: `${NET}.1`,
    DATA_DIRECTORY: directory,
    PASSWORDS_FILE: passwords,
    AGENT_TOKEN: 'secret',
    LISTEN_ADDRESS: address
  }
  let child: ChildProcess | undefined
  process.once('exit', () => child?.kill('SIGTERM'))
  return {
    address,
    directory,
    start() {
      child = spawn(process.execPath, ['db/mariadb-node.main.ts'], { env: { ...process.env, ...settings }, stdio: 'ignore' })
    },
    async end(signal) {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      await once(child, 'exit')
    }
  }
}

/** What keeps a node from doing its part. */
export async function missing({ address }: MariadbNode): Promise<string[]> {
  const answer = await fetch(`http://${address}:8400/readyz`).catch(() => undefined)
  return answer ? ((await answer.json()) as { missing: string[] }).missing : ['agent']
}

/** Sessions of a primary that wait for its replica. */
export async function waiting({ address }: MariadbNode): Promise<number> {
  const answer = await fetch(`http://${address}:8400/state`, { headers: { authorization: 'Bearer secret' } })
  return ((await answer.json()) as { status?: { semiSync: { waiting: number } } }).status?.semiSync.waiting ?? 0
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + WAIT_MS_MAX; !(await holds()); await sleep(100)) {
    if (performance.now() > deadline) throw new Error('waited in vain')
  }
}

export async function sql({ address }: MariadbNode, text: string, user = 'owner', password = PASSWORDS.owner): Promise<RowDataPacket[]> {
  return statements({ host: address, user, password, database: 'billing' }, text)
}

export async function asRoot({ directory }: MariadbNode, ...texts: string[]): Promise<void> {
  await statements({ socketPath: join(directory, 'mariadb.sock'), user: userInfo().username }, ...texts)
}

async function statements(server: object, ...texts: string[]): Promise<RowDataPacket[]> {
  const connection = await createConnection(server)
  connection.on('error', () => {})
  try {
    const answers = []
    for (const text of texts) answers.push(await connection.query<RowDataPacket[]>(text))
    return answers.at(-1)![0]
  } finally {
    connection.destroy()
  }
}

export async function killServer({ directory }: MariadbNode): Promise<void> {
  const server = await serverOf({ directory })
  if (server) process.kill(server, 'SIGKILL')
  while (await serverOf({ directory })) await sleep(20)
}

/** The process that serves a node's data, whoever watches over it. */
export async function serverOf({ directory }: Pick<MariadbNode, 'directory'>): Promise<number | undefined> {
  return (await findServer(join(directory, 'data')))?.pid
}
