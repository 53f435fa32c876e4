import type { Socket } from 'node:net'
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise'
import { unavailable, unknownOutcome } from './errors.ts'

/** The part of a connection that ends it without a word. */
interface Wire {
  stream: Socket
}

const CONNECTIONS_MAX = 8
const CONNECT_MS_MAX = 2_000
const WAITERS_MAX = 200
const DEADLOCK_TRIES_MAX = 5
/** A node that is cut off says nothing, not even goodbye; a commit may wait for its replica without end. */
const TRANSACTION_MS_MAX = 30_000

/** The wires of each pool, to be cut when its node is of no use any more. */
const wires = new WeakMap<Pool, Set<Wire>>()

/** A pool of one MariaDB node. Times are UTC; money is a number because it is whole pesos. */
export function openMariadb(url: string, connectionsMax = CONNECTIONS_MAX): Pool {
  const pool = createPool({
    uri: url,
    connectionLimit: connectionsMax,
    queueLimit: WAITERS_MAX,
    connectTimeout: CONNECT_MS_MAX,
    timezone: 'Z',
    charset: 'utf8mb4',
    enableKeepAlive: true,
    jsonStrings: true, // a JSON column is the text that was written: who reads it parses it
    flags: ['-FOUND_ROWS'] // so that affectedRows tells an insert (1) from a duplicate left as it was (0)
  })
  const open = new Set<Wire>()
  wires.set(pool, open)
  pool.on('connection', (connection) => {
    const wire = connection as unknown as Wire
    open.add(wire)
    wire.stream.once('close', () => open.delete(wire))
  })
  return pool
}

/**
 * Ends a pool and all that is under way on it, at once: the node may be frozen,
 * and never say goodbye. What was committing is unknown to whoever asked.
 */
export function destroyMariadb(pool: Pool): void {
  pool.end().catch(() => {}) // who waits for a connection is told
  for (const { stream } of wires.get(pool) ?? []) stream.destroy()
}

declare const inTransaction: unique symbol

/** A connection with an open transaction. Only {@link mariaTransaction} makes one. */
export type MariaTx = PoolConnection & { readonly [inTransaction]: true }

/**
 * Runs `work` and commits what it did, or throws and leaves no trace. What the
 * server undoes because two transactions waited for each other is run again.
 *
 * @param msMax - After this the connection is given up.
 * @throws Error for which `isUnknown` holds, when the commit was sent and no
 *   answer came: it may have worked.
 */
export async function mariaTransaction<T>(pool: Pool, work: (tx: MariaTx) => Promise<T>, msMax = TRANSACTION_MS_MAX): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(pool, work, msMax)
    } catch (err) {
      if ((err as { code?: string }).code !== 'ER_LOCK_DEADLOCK' || tries === DEADLOCK_TRIES_MAX) throw err
    }
  }
}

async function attempt<T>(pool: Pool, work: (tx: MariaTx) => Promise<T>, msMax: number): Promise<T> {
  const connection = await pool.getConnection().catch((err: unknown) => {
    throw unavailable('the document store', err)
  })
  const { promise: tooLong, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(Object.assign(new Error('transaction took too long'), { code: 'ETIMEDOUT' })), msMax)
  let committing = false
  try {
    return await Promise.race([run(), tooLong])
  } catch (err) {
    const settled = !committing && (await Promise.race([connection.rollback(), tooLong]).then(() => true, () => false)) // biome-ignore format: one thought
    if (settled) connection.release()
    else connection.destroy()
    throw committing ? unknownOutcome(err) : err
  } finally {
    clearTimeout(timer)
  }

  async function run(): Promise<T> {
    await connection.beginTransaction()
    const answer = await work(connection as MariaTx)
    committing = true
    await connection.commit()
    connection.release()
    return answer
  }
}

const GONE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_CONNECTION_KILLED',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  'ER_RECORD_FILE_FULL', // its disk is full
  'ER_DISK_FULL',
  'ER_ERROR_ON_WRITE'
])

/** The node is away or takes no writes, as opposed to this one statement being wrong. */
export function isMariadbDown(err: unknown): boolean {
  const { code, cause } = err as { code?: string; cause?: unknown }
  return (code !== undefined && GONE.has(code)) || (cause !== undefined && cause !== null && isMariadbDown(cause))
}
