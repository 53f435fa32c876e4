import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { killAll, processesCalled, processesIn, signal } from './postgres-node/processes.ts'
import { type Doors, openDoors, TOKEN } from './test-node-doors.ts'

export type { Reign } from './test-node-doors.ts'

const NODES = ['pg1', 'pg2', 'pg3'] as const
const ROLES = ['superuser', 'replicator', 'owner', 'control', 'selling', 'purchase', 'relay', 'catalogue']
const LOOK_MS = 50
/** Processes start beside whatever else runs on the machine. */
const WAIT_MS_MAX = 40_000

export interface TestNodes extends Doors {
  /** The address of some or all nodes, in a role's name. */
  urlOf: (role: string, ...nodes: string[]) => string
  dataOf: (node: string) => string
  /** Everything of a node lies under it: the agent's state, the data, PostgreSQL's log. */
  directoryOf: (node: string) => string
  start: (...names: string[]) => void
  /** Starts a second process of the same component. @returns its exit code. */
  startAgain: (name: string) => Promise<number>
  /** As a power cut would: PostgreSQL and its agent at once. */
  kill: (...names: string[]) => Promise<void>
  killAgent: (node: string) => Promise<void>
  killPostgres: (node: string) => Promise<void>
  /** As a machine that stands still: the agent and every process of its PostgreSQL, until they are thawed. */
  freeze: (node: string) => Promise<void>
  /** @param called - Only those that PostgreSQL gave such a name. */
  freezePostgres: (node: string, called?: string) => Promise<void>
  thaw: (node: string) => void
  /** As the supervisor does. */
  stop: (node: string) => Promise<void>
}

/**
 * Three nodes and a controller as the processes that they are, empty, on
 * addresses of their own. All of it ends with the test.
 *
 * @param instance - The second number of their addresses.
 * @param begun - What runs from the beginning. Without the controller nobody orders anything but the test.
 */
export async function testNodes(t: Test, instance: number, begun: readonly string[] = [...NODES, 'failover']): Promise<TestNodes> {
  const directory = mkdtempSync(join(tmpdir(), 'nodes-'))
  chmodSync(directory, 0o755) // PostgreSQL's own user goes through it
  const children = new Map<string, ChildProcess>()
  const addressOf = (node: string) => (node === 'failover' ? `127.${instance}.3.21` : `127.${instance}.6.${node.slice(2)}`)
  const directoryOf = (node: string) => join(directory, node)
  const urlOf = (role: string, ...nodes: string[]) =>
    `postgres://${role}:password@${(nodes.length ? nodes : NODES).map((node) => `${addressOf(node)}:5432`).join(',')}/ticketflow`
  writeFileSync(join(directory, 'passwords.json'), JSON.stringify(Object.fromEntries(ROLES.map((role) => [role, 'password']))))
  for (const node of NODES) mkdirSync(join(directory, node))

  t.teardown(async () => {
    await kill(...NODES, 'failover')
    if (t.passing()) rmSync(directory, { recursive: true, force: true })
    else t.comment(`logs: ${directory}`)
  })
  process.once('exit', killNow) // a test that ran out of time has no teardown
  start(...begun)
  return {
    ...openDoors(NODES, addressOf, directoryOf),
    ...{ urlOf, dataOf, directoryOf, start, startAgain, kill, killAgent, killPostgres, stop, freeze, freezePostgres, thaw }
  }

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
    return {
      AGENTS: NODES.map((name) => `${name}=http://${addressOf(name)}:8400`).join(','),
      CONTROL_NODES: urlOf('control'),
      OPERATOR_TOKEN: TOKEN
    }
  }

  function dataOf(node: string): string {
    return (JSON.parse(readFileSync(join(directory, node, 'state.json'), 'utf8')) as { directory: string }).directory
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

  async function freeze(node: string): Promise<void> {
    children.get(node)?.kill('SIGSTOP')
    await freezePostgres(node)
  }

  /** Until two looks find the same ones: a child may be born between a look and the signal to its parent. */
  async function freezePostgres(node: string, called = 'postgres'): Promise<void> {
    const found = () => processesCalled(called, dataOf(node))
    for (let before = ''; before !== found().join() || !before; ) {
      before = found().join()
      for (const pid of found()) signal(pid, 'SIGSTOP')
      await sleep(LOOK_MS)
    }
  }

  function thaw(node: string): void {
    for (const pid of postgresOf(node)) signal(pid, 'SIGCONT')
    children.get(node)?.kill('SIGCONT')
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
