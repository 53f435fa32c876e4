import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import type { NodeState } from '../chassis/postgres-node.ts'
import { killAll, processesIn, signal } from './postgres-node/processes.ts'

const NODES = ['pg1', 'pg2', 'pg3'] as const
const ROLES = ['superuser', 'replicator', 'owner', 'control', 'selling', 'purchase', 'relay', 'catalogue']
const TOKEN = 'token-of-the-agents'
const LOOK_MS = 50
const WAIT_MS_MAX = 15_000

export interface Reign {
  ready: boolean
  leader: string
  epoch: number
  streaming: string[]
}

export interface TestNodes {
  /** The address of some or all nodes, in a role's name. */
  urlOf: (role: string, ...nodes: string[]) => string
  states: () => Promise<NodeState[]>
  /** What the controller says of the reign in force. */
  reign: () => Promise<Reign>
  dataOf: (node: string) => string
  start: (...names: string[]) => void
  /** Starts a second process of the same component. @returns its exit code. */
  startAgain: (name: string) => Promise<number>
  /** As a power cut would: PostgreSQL and its agent at once. */
  kill: (...names: string[]) => Promise<void>
  killAgent: (node: string) => Promise<void>
  killPostgres: (node: string) => Promise<void>
  /** As the supervisor does. */
  stop: (node: string) => Promise<void>
}

/**
 * Three nodes and a controller as the processes that they are, empty, on
 * addresses of their own. All of it ends with the test.
 *
 * @param instance - The second number of their addresses.
 */
export async function testNodes(t: Test, instance: number): Promise<TestNodes> {
  const directory = mkdtempSync(join(tmpdir(), 'nodes-'))
  chmodSync(directory, 0o755) // PostgreSQL's own user goes through it
  const children = new Map<string, ChildProcess>()
  const addressOf = (node: string) => (node === 'failover' ? `127.${instance}.3.21` : `127.${instance}.6.${node.slice(2)}`)
  const urlOf = (role: string, ...nodes: string[]) =>
    `postgres://${role}:password@${(nodes.length ? nodes : NODES).map((node) => `${addressOf(node)}:5432`).join(',')}/ticketflow`
  writeFileSync(join(directory, 'passwords.json'), JSON.stringify(Object.fromEntries(ROLES.map((role) => [role, 'password']))))
  for (const node of NODES) mkdirSync(join(directory, node))

  const all = [...NODES, 'failover']
  t.teardown(async () => {
    await kill(...all)
    if (t.passing()) rmSync(directory, { recursive: true, force: true })
    else t.comment(`logs: ${directory}`)
  })
  process.once('exit', killNow) // a test that ran out of time has no teardown
  start(...all)
  return { urlOf, states, reign, dataOf, start, startAgain, kill, killAgent, killPostgres, stop }

  function start(...names: string[]): void {
    for (const name of names) children.set(name, launch(name))
  }

  async function startAgain(name: string): Promise<number> {
    const [code] = (await once(launch(name), 'exit')) as [number]
    return code
  }

  function launch(name: string): ChildProcess {
    const output = openSync(join(directory, `${name}.log`), 'a')
    const [file, settings] =
      name === 'failover' ? ['orchestrator/failover.main.ts', controller()] : ['db/postgres-node.main.ts', agent(name)]
    const env = { PATH: process.env.PATH, LISTEN_ADDRESS: addressOf(name), AGENT_TOKEN: TOKEN, ...settings }
    return spawn(process.execPath, [join(import.meta.dirname, '..', file)], { env, stdio: ['ignore', output, output] })
  }

  function killNow(): void {
    for (const child of children.values()) child.kill('SIGKILL')
    for (const pid of NODES.flatMap(postgresOf)) signal(pid, 'SIGKILL')
  }

  function postgresOf(node: string): number[] {
    const entries = existsSync(directory) ? readdirSync(join(directory, node)) : []
    return entries.filter((entry) => entry.startsWith('data-')).flatMap((entry) => processesIn(join(directory, node, entry)))
  }

  function agent(node: string): Record<string, string> {
    return {
      NODE_NAME: node,
      NODES: NODES.map((name) => `${name}=${addressOf(name)}`).join(','),
      DATA_DIRECTORY: join(directory, node),
      POSTGRES_BIN: postgresBin(),
      PASSWORDS_FILE: join(directory, 'passwords.json')
    }
  }

  function controller(): Record<string, string> {
    return { AGENTS: NODES.map((name) => `${name}=http://${addressOf(name)}:8400`).join(','), CONTROL_NODES: urlOf('control'), OPERATOR_TOKEN: TOKEN }
  }

  function dataOf(node: string): string {
    return (JSON.parse(readFileSync(join(directory, node, 'state.json'), 'utf8')) as { directory: string }).directory
  }

  async function states(): Promise<NodeState[]> {
    const headers = { authorization: `Bearer ${TOKEN}` }
    const ask = async (node: string) => (await fetch(`http://${addressOf(node)}:8400/state`, { headers })).json() as Promise<NodeState>
    const answers = await Promise.allSettled(NODES.map(ask))
    return answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value)
  }

  async function reign(): Promise<Reign> {
    return (await (await fetch(`http://${addressOf('failover')}:3000/readyz`)).json()) as Reign
  }

  async function kill(...names: string[]): Promise<void> {
    await Promise.all(names.map(killAgent))
    await Promise.all(names.filter((name) => existsSync(join(directory, name, 'state.json'))).map(killPostgres))
  }

  async function killAgent(name: string): Promise<void> {
    await ended(name, 'SIGKILL')
  }

  async function killPostgres(node: string): Promise<void> {
    await killAll(() => postgresOf(node))
  }

  async function stop(name: string): Promise<void> {
    await ended(name, 'SIGTERM')
  }

  async function ended(name: string, by: NodeJS.Signals): Promise<void> {
    const child = children.get(name)
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(by)
    await gone
  }
}

/** Waits until `look` gives something that is true, and gives it back. @throws what `look` threw last, or that nothing came. */
export async function eventually<T>(look: () => Promise<T>, msMax = WAIT_MS_MAX): Promise<NonNullable<T>> {
  const deadline = performance.now() + msMax
  let failure: unknown = new Error(`nothing came within ${msMax} ms`)
  while (performance.now() < deadline) {
    try {
      const found = await look()
      if (found) return found
    } catch (err) {
      failure = err
    }
    await sleep(LOOK_MS)
  }
  throw failure
}

function postgresBin(): string {
  const root = '/usr/lib/postgresql'
  const newest = readdirSync(root).toSorted((a, b) => Number(b) - Number(a))[0]
  return process.env.POSTGRES_BIN ?? join(root, newest as string, 'bin')
}
