import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FollowOrder } from '../../chassis/postgres-node.ts'
import { flushedBy } from './ask-primary.ts'
import { newDirectory } from './create-cluster.ts'
import { type Copy, type Node, startOwn } from './node.ts'
import { discard } from './processes.ts'
import { read } from './reading.ts'
import { refuse } from './refusals.ts'
import { followedState, isSameTerm } from './rules.ts'
import { connectionTo, makeDirectory } from './settings.ts'
import { beginStream } from './stream.ts'
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
  const progress = { bytes: 0, totalBytes: 0 }
  const done = copy(node, order, directory, progress, abort.signal).catch(async (err: unknown) => {
    node.log.warn({ err, aborted: abort.signal.aborted }, 'copy given up')
    await discardUnlessOwn(node, directory).catch((err: unknown) =>
      node.log.error({ err, directory }, 'what was copied is left lying about')
    )
    if (!abort.signal.aborted) await sleep(RETRY_MS)
  })
  const current = { term: order.term, abort, progress, done: done.then(end) }
  node.copy = current

  function end(): void {
    if (node.copy === current) node.copy = undefined
  }
}

async function copy(node: Node, order: FollowOrder, directory: string, progress: Copy['progress'], signal: AbortSignal): Promise<void> {
  await baseBackup(node, order.leader, directory, progress, signal)
  const end = await flushedBy(node, order.leader)
  await node.inTurn(async () => {
    signal.throwIfAborted()
    stillOrdered(node, order)
    await node.server.stop()
    try {
      await node.server.start(directory)
      await node.server.attach(order.leader, copyName(node))
      await untilFlushed(node, end, signal)
      stillOrdered(node, order)
    } catch (err) {
      await node.server.kill()
      await startOwn(node)
      throw err
    }
    await become(node, order, directory)
  })
}

/** What failed may have failed after the copy became the data. */
async function discardUnlessOwn(node: Node, directory: string): Promise<void> {
  if (node.store.read().directory !== directory) await discard(directory)
}

/** From here on the copy is the data. It reconnects under the node's own name, and its word counts. */
async function become(node: Node, order: FollowOrder, directory: string): Promise<void> {
  const { term, leader } = order
  const { directory: old } = node.store.read()
  node.store.write({ directory, ...followedState(order) })
  await beginStream(node, leader)
  if (old) await discard(old)
  node.log.info({ leader, epoch: term.epoch }, 'copied, and following')
}

/** While an order is carried out, a later election may have been promised: from then on nothing of the earlier one is begun. */
export function stillOrdered({ store }: Node, { term }: FollowOrder): void {
  const { promise } = store.read()
  if (!isSameTerm(promise, term)) throw refuse('PROMISED_HIGHER', { promise })
}

function copyName({ config }: Node): string {
  return `copy_${config.NODE_NAME}`
}

async function baseBackup(node: Node, leader: string, directory: string, progress: Copy['progress'], signal: AbortSignal): Promise<void> {
  const { config, user } = node
  makeDirectory(user, directory)
  const from = connectionTo(config, leader, copyName(node))
  // Not synced file by file: PostgreSQL syncs what it finds before it recovers, and until then this is nobody's data.
  const how = ['--wal-method', 'stream', '--checkpoint', 'fast', '--no-password', '--no-sync']
  const words = ['--pgdata', directory, '--dbname', from, '--progress', ...how]
  await run(user, join(config.POSTGRES_BIN, 'pg_basebackup'), words, { signal, hear: (text) => note(progress, text) })
}

/** Once a second it says «bytes/total kB» of the data; the WAL written meanwhile comes on top. */
function note(progress: Copy['progress'], text: string): void {
  const said = [...text.matchAll(/(\d+)\/(\d+) kB/g)].at(-1)
  if (!said) return
  progress.bytes = Number(said[1]) * 1_024
  progress.totalBytes = Number(said[2]) * 1_024
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
