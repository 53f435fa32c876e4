import type { Socket } from 'node:net'
import pg, { type Pool, type PoolClient, type QueryConfig } from 'pg'
import { Refusal, unavailable, unknownOutcome } from './errors.ts'
import type { Log } from './log.ts'

const CONNECTIONS_MAX = 10

interface PoolOptions {
  connectionsMax?: number
  /** Settings of every session, as `-c name=value`. */
  settings?: string
  /** A connection broke, did not answer in time, or is not writable: the node may not be what it was. */
  onTrouble?: (err: unknown) => void
}

/** A pool of one node, with a limit on everything. It lives as long as the epoch it was opened for: see `primary.ts`. */
export function openPool(connectionString: string, log: Log, options: PoolOptions = {}): Pool {
  const { connectionsMax = CONNECTIONS_MAX, settings = '', onTrouble } = options
  const pool = new pg.Pool({
    connectionString,
    options: settings,
    max: connectionsMax,
    connectionTimeoutMillis: 1_000,
    lock_timeout: 1_500,
    statement_timeout: 2_500,
    query_timeout: 3_000, // the only limit that reaches a commit waiting for its quorum
    idle_in_transaction_session_timeout: 5_000,
    keepAlive: true,
    pipeline: true // statements that wait for nothing but the one before go out together
  })
  const clients = new Set<PoolClient>()
  connections.set(pool, clients)
  // A lost connection is an error of its query. Without both listeners it is the end of the process.
  pool.on('connect', (client) => {
    if (pool.ending) socketOf(client).destroy() // it was given up meanwhile
    clients.add(client)
    client.on('error', (err) => {
      log.warn({ err }, 'connection lost')
      onTrouble?.(err)
    })
  })
  pool.on('release', (err: Error | boolean | undefined, client: PoolClient) => {
    if (!err) return
    socketOf(client).destroy() // a word of goodbye to a frozen server would keep it open
    if (isTrouble(err)) onTrouble?.(err)
  })
  pool.on('remove', (client) => clients.delete(client))
  pool.on('error', () => {})
  return pool
}

const connections = new WeakMap<Pool, Set<PoolClient>>()

/** Ends a pool now: what is under way on it fails. It is not drained, because its server may be frozen and never answer. */
export async function destroyPool(pool: Pool): Promise<void> {
  if (pool.ended || pool.ending) return
  const ended = pool.end()
  for (const { callback } of queueOf(pool).splice(0)) callback(new Error('Connection terminated: the pool was given up'))
  for (const client of connections.get(pool) ?? []) socketOf(client).destroy()
  await ended
}

/** Who waits for a connection: nobody else would tell them that none will come. */
function queueOf(pool: Pool): Array<{ callback: (err: Error) => void }> {
  return (pool as unknown as { _pendingQueue: Array<{ callback: (err: Error) => void }> })._pendingQueue
}

function socketOf(client: PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream
}

declare const inTransaction: unique symbol

/**
 * A connection with an open transaction. Only {@link transaction} makes one, so
 * a function that asks for a `Tx` cannot be called without one.
 */
export type Tx = PoolClient & { readonly [inTransaction]: true }

/** A write that changes nothing: its commit waits for the quorum, and so for everything committed before it. */
const BARRIER = "select pg_logical_emit_message(true, 'barrier', '')"

/** What is left when everything is decided: one statement, which travels with the commit. */
export interface Ending<T> {
  answer: T
  write?: QueryConfig | undefined
}

/**
 * Runs `work` and commits what it did, or throws and leaves no trace. Answers and refusals
 * alike wait for a commit newer than what they read: nobody is told what a failover erases.
 *
 * @throws Error for which `isUnknown` holds, when the commit was sent and its fate is not known: see `patience.ts`.
 */
export function transaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  return writingLast(pool, async (tx) => ({ answer: await work(tx) }))
}

/**
 * The same, for work whose last statement needs no looking at: it is sent with
 * the commit, in one message. When the statement fails, so does the commit.
 */
export async function writingLast<T>(pool: Pool, work: (tx: Tx) => Promise<Ending<T>>): Promise<T> {
  const client = await pool.connect().catch((err: unknown) => {
    throw unavailable('the database', err)
  })
  let ending: Ending<T>
  try {
    ending = await together(client, () => first(client.query('begin'), work(client as Tx)))
  } catch (err) {
    if (err instanceof Refusal) await conclude(client, `rollback; ${BARRIER}`)
    else await letGo(client, err)
    throw orUnavailable(err)
  }
  await conclude(client, `${BARRIER}; commit`, ending.write)
  return ending.answer
}

/** What is sent until `send` returns goes out in one message: waking the server costs more than what it reads. */
export function together<T>(client: PoolClient, send: () => T): T {
  const stream = socketOf(client)
  stream.cork()
  try {
    return send()
  } finally {
    stream.uncork()
  }
}

/** The work fails for its own reason; when even BEGIN failed, for that one. */
async function first<T>(begun: Promise<unknown>, work: Promise<T>): Promise<T> {
  const [opened, done] = await Promise.allSettled([begun, work])
  if (opened.status === 'rejected') throw opened.reason
  if (done.status === 'rejected') throw done.reason
  return done.value
}

/**
 * Waits for statements that were sent together. When several failed, the first
 * did so for a reason of its own, and the others because it had.
 */
export async function inTurn<const T extends readonly unknown[]>(sent: T): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  const failed = (await Promise.allSettled(sent)).find(({ status }) => status === 'rejected')
  if (failed) throw (failed as PromiseRejectedResult).reason
  return Promise.all(sent) as Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }>
}

/** What the server did not answer is not rolled back, which it would not answer either: it ends with its connection. */
async function letGo(client: PoolClient, err: unknown): Promise<void> {
  if (isTrouble(err)) return client.release(err as Error)
  await client.query('rollback').then(
    () => client.release(),
    () => client.release(true)
  )
}

/**
 * A cancelled wait for the quorum looks like success to the driver; notice 01000
 * is its only sign. The connection is destroyed, never cancelled: a cancel would
 * end the wait in the server and make the commit visible.
 */
async function conclude(client: PoolClient, ending: string, write?: QueryConfig): Promise<void> {
  let notReplicated = false
  const onNotice = ({ code }: { code?: string | undefined }) => {
    notReplicated ||= code === '01000'
  }
  client.on('notice', onNotice)
  const [written, ended] = await Promise.allSettled(together(client, () => [write && client.query(write), client.query(ending)]))
  client.off('notice', onNotice)
  if (written!.status === 'fulfilled' && ended!.status === 'fulfilled' && !notReplicated) return client.release()
  // What PostgreSQL refused, or the driver never sent, was not done, and nothing else was: the commit behind it committed nothing.
  if (written!.status === 'rejected' && (written.reason instanceof pg.DatabaseError || ended!.status === 'fulfilled')) {
    await letGo(client, written.reason)
    throw orUnavailable(written.reason)
  }
  const failed = [written!, ended!].find((outcome) => outcome.status === 'rejected')
  client.release((failed?.reason as Error | undefined) ?? true)
  throw unknownOutcome(failed?.reason ?? new Error('committed here, perhaps nowhere else'))
}

/**
 * For what failed before COMMIT was sent: a lost connection, a read-only node, a
 * lock or a statement that took too long, a read that was in replay's way are
 * the database's trouble, and nothing happened. The rest is the statement's own.
 */
export function orUnavailable(err: unknown): unknown {
  const { code = '', message = '' } = err as { code?: string; message?: string }
  const passes = /^(08|57P0|25006|25P03|40001|40P01|55P03|57014|53)/.test(code) || /^E[A-Z]+$/.test(code)
  return passes || LOST.test(message) ? unavailable('the database', err) : err
}

/** Says something about the node and not about the statement. */
function isTrouble(err: unknown): boolean {
  if (err === true) return true
  const { code = '', message = '' } = err as { code?: string; message?: string }
  return code === '' ? LOST.test(message) : /^(08|57P0|25006)/.test(code) || /^E[A-Z]+$/.test(code)
}

/** What the driver says by itself, and without a code. */
const LOST = /Connection terminated|not queryable|timeout/i
