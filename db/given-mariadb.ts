import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { NodeState } from './mariadb-node/peer.ts'
import { findServer } from './mariadb-node/process.ts'
import type { Wish } from './mariadb-node/promote.ts'

const NET = `127.103.${(process.pid % 250) + 1}`
const WAIT_MS_MAX = 120_000 // on a machine that has much else to do

export const PASSWORDS = { root: 'unused', owner: 'o', replicator: 'p', writer: 'w', reader: 'e' }

type Part = 'agent' | 'server'

/** For tests: a MariaDB node and its agent, as a process of its own. */
export interface MariadbNode {
  address: string
  directory: string
  start: () => void
  /** Of the agent alone: SIGKILL leaves its server running. */
  end: (signal: NodeJS.Signals) => Promise<void>
  /** As a power cut would: the server and its agent at once. */
  kill: () => Promise<void>
  /** Stands still: what comes to it is taken, and nothing happens. */
  freeze: (...what: Part[]) => Promise<void>
  thaw: (...what: Part[]) => Promise<void>
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
    NODES: `maria1=${NET}.1,maria2=${NET}.2`,
    DATA_DIRECTORY: directory,
    PASSWORDS_FILE: passwords,
    AGENT_TOKEN: 'secret',
    LISTEN_ADDRESS: address
  }
  let child: ChildProcess | undefined
  const signal = async (name: NodeJS.Signals, parts: Part[]) => {
    const pids = { agent: child?.pid, server: await serverOf({ directory }) }
    for (const part of parts) if (pids[part]) process.kill(pids[part], name)
  }
  process.once('exit', () => {
    child?.kill('SIGCONT')
    child?.kill('SIGTERM')
  })
  return {
    freeze: (...parts) => signal('SIGSTOP', parts),
    thaw: (...parts) => signal('SIGCONT', parts),
    async kill() {
      const ended = child && child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
      if (ended) child?.kill('SIGKILL')
      await ended
      await killServer({ directory })
    },
    address,
    directory,
    start() {
      child = spawn(process.execPath, ['db/mariadb-node.main.ts'], {
        env: { ...process.env, ...settings },
        stdio: process.env.SHOW ? 'inherit' : 'ignore'
      })
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
export async function waiting(node: MariadbNode): Promise<number> {
  return (await state(node)).status?.semiSync.waiting ?? 0
}

/** What the agent says of its node. */
export async function state({ address }: MariadbNode): Promise<NodeState> {
  const answer = await fetch(`http://${address}:8400/state`, { headers: { authorization: 'Bearer secret' } })
  return (await answer.json()) as NodeState
}

/** An operator's order. @returns the term, or why not. */
export async function promoted({ address }: MariadbNode, wish: Partial<Wish> = {}): Promise<number | string> {
  const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' }
  const answer = await fetch(`http://${address}:8400/promote`, { method: 'POST', headers, body: JSON.stringify(wish) })
  const { term, code } = (await answer.json()) as { term: number; code: string }
  return answer.ok ? term : code
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + WAIT_MS_MAX; !(await holds()); await sleep(100)) {
    if (performance.now() > deadline) throw new Error('waited in vain')
  }
}

export async function sql({ address }: MariadbNode, text: string, user = 'owner', password = PASSWORDS.owner): Promise<RowDataPacket[]> {
  return statements({ host: address, user, password, database: 'billing' }, text)
}

export async function asRoot({ directory }: MariadbNode, ...texts: string[]): Promise<RowDataPacket[]> {
  return statements({ socketPath: join(directory, 'mariadb.sock'), user: userInfo().username }, ...texts)
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

export async function killServer({ directory }: Pick<MariadbNode, 'directory'>): Promise<void> {
  const server = await serverOf({ directory })
  if (server) process.kill(server, 'SIGKILL')
  while (await serverOf({ directory })) await sleep(20)
}

/** The process that serves a node's data, whoever watches over it. */
export async function serverOf({ directory }: Pick<MariadbNode, 'directory'>): Promise<number | undefined> {
  return (await findServer(join(directory, 'data')))?.pid
}

/** An order that should come from the other agent. @returns why not. */
export async function toldToYield({ address }: MariadbNode, order: object): Promise<string> {
  const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' }
  const answer = await fetch(`http://${address}:8400/yield`, { method: 'POST', headers, body: JSON.stringify(order) })
  return answer.ok ? 'done' : ((await answer.json()) as { code: string }).code
}
