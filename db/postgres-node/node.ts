import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Log } from '../../chassis/log.ts'
import type { Term } from '../../chassis/postgres-node.ts'
import { type Config, checkDirectory, type Passwords } from './config.ts'
import { identifierOf } from './create-cluster.ts'
import { logBytes } from './launch.ts'
import { discard } from './processes.ts'
import { openSocket, type Reading } from './reading.ts'
import { openServer, type Server } from './server.ts'
import { makeDirectory, writePassfile } from './settings.ts'
import { openStore, type Store } from './state.ts'
import { postgresUser, run, type User } from './user.ts'

const RESTART_MS = 200
const RETRY_MS = 1_000

/** Everything a feature of the agent needs. What changes is either on disk (`store`) or here, in the last lines. */
export interface Node {
  config: Config
  passwords: Passwords
  user: User
  log: Log
  store: Store
  server: Server
  socket: Pool
  /** One order at a time, in the order they came. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
  /** This postmaster follows nobody since it was started or detached, and was not promoted. */
  still: boolean
  /** For which term it was prepared, and how it stood: nobody touched it since. */
  prepared: { term: Term; reading: Reading } | undefined
  copy: Copy | undefined
  /** In which reign it can follow only from a copy. */
  needsCopy: Term | undefined
  /** How long PostgreSQL's log was when the node was last told whom to follow, in bytes. */
  logFrom: number
  /** Whose first commit waits for its quorum. */
  gating: number | undefined
  closing: boolean
}

export interface Copy {
  term: Term
  /** Of the data, as the primary counted them when it began. */
  progress: { bytes: number; totalBytes: number }
  abort: AbortController
  done: Promise<void>
}

/** Adopts the PostgreSQL that runs, or starts the one that should: always as a standby that follows nobody. */
export async function openNode(config: Config, passwords: Passwords, log: Log): Promise<Node> {
  checkDirectory(config)
  const user = postgresUser()
  makeDirectory(user, config.DATA_DIRECTORY)
  await run(user, 'test', ['-w', config.DATA_DIRECTORY]).catch(() => {
    throw new Error(`the user postgres cannot write to ${config.DATA_DIRECTORY}: is every directory above it open to it?`)
  })
  writePassfile(config, passwords, user)
  const store = openStore(config.DATA_DIRECTORY)
  const server = openServer(config, user, log, (directory) => {
    node.prepared = undefined
    log.warn({ directory }, 'postgres ended by itself: started again, following nobody')
    inTurn(() => restart(node))
  })
  const socket = openSocket(config, passwords)
  const inTurn = turns()
  const rest = {
    still: false,
    prepared: undefined,
    copy: undefined,
    needsCopy: undefined,
    logFrom: logBytes(config),
    gating: undefined,
    closing: false
  }
  const node: Node = { config, passwords, user, log, store, server, socket, inTurn, ...rest }

  const { directory } = store.read()
  await clearCopies(config, directory)
  if (directory && !server.adopt(directory)) await startOwn(node)
  return node
}

export async function closeNode(node: Node): Promise<void> {
  node.closing = true
  node.copy?.abort.abort()
  await node.server.close() // not in turn: an order that waits for something does not hold it up
  await node.socket.end()
}

/** Starts this node's data, detached. @throws Error when they are not the data this node knows. */
export async function startOwn(node: Node): Promise<void> {
  const { directory, systemIdentifier } = node.store.read()
  node.prepared = undefined
  if (!directory) return
  const found = await identifierOf(node.config, node.user, directory)
  if (found !== systemIdentifier) throw new Error(`${directory} belongs to cluster ${found}, this node to ${systemIdentifier}`)
  await node.server.start(directory)
  node.still = true
}

/** Tried until it works: processes may outlive SIGKILL for as long as their disk stands still. */
async function restart(node: Node): Promise<void> {
  await sleep(RESTART_MS)
  if (node.closing || node.server.directory()) return
  await startOwn(node).catch((err: unknown) => {
    node.log.error({ err }, 'postgres was not started again')
    setTimeout(() => node.inTurn(() => restart(node)), RETRY_MS).unref()
  })
}

/** A copy that was not finished when the agent ended is nothing: its processes and its files go. */
async function clearCopies({ DATA_DIRECTORY }: Config, directory: string | null): Promise<void> {
  for (const entry of readdirSync(DATA_DIRECTORY)) {
    const path = join(DATA_DIRECTORY, entry)
    if (entry.startsWith('data-') && path !== directory) await discard(path)
  }
}

function turns(): Node['inTurn'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
}
