import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { FollowOrder } from '../../chassis/postgres-node.ts'
import { addressOf } from './config.ts'
import { newDirectory } from './create-cluster.ts'
import { type Node, startOwn } from './node.ts'
import { read } from './reading.ts'
import { followedState } from './rules.ts'
import { connectionTo, makeDirectory } from './settings.ts'
import { run } from './user.ts'

const RETRY_MS = 1_000
const CATCH_UP_MS_MAX = 60_000
const LOOK_MS = 50

/**
 * Begins to copy the primary into a directory of its own. The old data stay this
 * node's data, and answer, until the copy has flushed everything the primary
 * had when the copying ended: only then may it speak under the node's name.
 */
export function startCopy(node: Node, order: FollowOrder): void {
  const abort = new AbortController()
  const directory = newDirectory(node.config, order.term.epoch)
  node.log.info({ leader: order.leader, epoch: order.term.epoch }, 'copying')
  const done = copy(node, order, directory, abort.signal).catch(async (err: unknown) => {
    node.log.warn({ err, aborted: abort.signal.aborted }, 'copy given up')
    rmSync(directory, { recursive: true, force: true })
    if (!abort.signal.aborted) await sleep(RETRY_MS)
  })
  const current = { term: order.term, abort, done: done.then(end) }
  node.copy = current

  function end(): void {
    if (node.copy === current) node.copy = undefined
  }
}

async function copy(node: Node, order: FollowOrder, directory: string, signal: AbortSignal): Promise<void> {
  await baseBackup(node, order.leader, directory, signal)
  const end = await flushedBy(node, order.leader)
  await node.inTurn(async () => {
    signal.throwIfAborted()
    await node.server.stop()
    try {
      await node.server.start(directory)
      await node.server.attach(order.leader, copyName(node))
      await untilFlushed(node, end, signal)
    } catch (err) {
      await node.server.kill()
      await startOwn(node)
      throw err
    }
    await become(node, order, directory)
  })
}

/** From here on the copy is the data. It reconnects under the node's own name, and its word counts. */
async function become(node: Node, order: FollowOrder, directory: string): Promise<void> {
  const { term, leader } = order
  const { directory: old } = node.store.read()
  node.store.write({ directory, ...followedState(order) })
  node.prepared = undefined
  node.needsCopy = undefined
  await node.server.attach(leader, node.config.NODE_NAME)
  if (old) rmSync(old, { recursive: true, force: true })
  node.log.info({ leader, epoch: term.epoch }, 'copied, and following')
}

function copyName({ config }: Node): string {
  return `copy_${config.NODE_NAME}`
}

async function baseBackup(node: Node, leader: string, directory: string, signal: AbortSignal): Promise<void> {
  const { config, user } = node
  makeDirectory(user, directory)
  const from = connectionTo(config, leader, copyName(node))
  // Not synced file by file: PostgreSQL syncs what it finds before it recovers, and until then this is nobody's data.
  const how = ['--wal-method', 'stream', '--checkpoint', 'fast', '--no-password', '--no-sync']
  await run(user, join(config.POSTGRES_BIN, 'pg_basebackup'), ['--pgdata', directory, '--dbname', from, ...how], '', signal)
}

/** How far the primary has flushed, in bytes of WAL. */
async function flushedBy({ config, passwords }: Node, leader: string): Promise<number> {
  const client = new pg.Client({
    host: addressOf(config, leader),
    port: config.POSTGRES_PORT,
    user: 'replicator',
    password: passwords.replicator,
    database: 'ticketflow',
    connectionTimeoutMillis: RETRY_MS,
    query_timeout: RETRY_MS
  })
  client.on('error', () => {}) // the query says it
  try {
    await client.connect()
    const { rows } = await client.query<{ lsn: number }>("select (pg_current_wal_flush_lsn() - '0/0')::float8 as lsn")
    return rows[0]!.lsn
  } finally {
    await client.end().catch(() => {})
  }
}

/** What it received is flushed; what was replayed before it received anything lay in the copy. */
async function untilFlushed({ socket, server }: Node, end: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + CATCH_UP_MS_MAX
  while (performance.now() < deadline) {
    signal.throwIfAborted()
    if (!server.directory()) throw new Error('the copy does not run')
    const reading = await read(socket)
    if (reading?.standby && reading.lsn >= end) return
    await sleep(LOOK_MS)
  }
  throw new Error('the copy does not catch up')
}
