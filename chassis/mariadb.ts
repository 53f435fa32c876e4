import { createPool, type Pool, type PoolConnection } from 'mysql2/promise'
import { unavailable } from './errors.ts'

const CONNECTIONS_MAX = 8
const CONNECT_MS_MAX = 2_000
const WAITERS_MAX = 200
const DEADLOCK_TRIES_MAX = 5

/** A pool of one MariaDB node. Times are UTC; money is a number because it is whole pesos. */
export function openMariadb(url: string, connectionsMax = CONNECTIONS_MAX): Pool {
  return createPool({
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
}

declare const inTransaction: unique symbol

/** A connection with an open transaction. Only {@link mariaTransaction} makes one. */
export type MariaTx = PoolConnection & { readonly [inTransaction]: true }

/**
 * Runs `work` and commits what it did, or throws and leaves no trace; a commit
 * without an answer may have worked. What the server undoes because two
 * transactions waited for each other is run again.
 */
export async function mariaTransaction<T>(pool: Pool, work: (tx: MariaTx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(pool, work)
    } catch (err) {
      if ((err as { code?: string }).code !== 'ER_LOCK_DEADLOCK' || tries === DEADLOCK_TRIES_MAX) throw err
    }
  }
}

async function attempt<T>(pool: Pool, work: (tx: MariaTx) => Promise<T>): Promise<T> {
  const connection = await pool.getConnection().catch((err: unknown) => {
    throw unavailable('the document store', err)
  })
  try {
    await connection.beginTransaction()
    const answer = await work(connection as MariaTx)
    await connection.commit()
    connection.release()
    return answer
  } catch (err) {
    await connection.rollback().then(
      () => connection.release(),
      () => connection.destroy()
    )
    throw err
  }
}

const GONE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_CONNECTION_KILLED',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION'
])

/** The node is away or takes no writes, as opposed to this one statement being wrong. */
export function isMariadbDown(err: unknown): boolean {
  const { code, cause } = err as { code?: string; cause?: unknown }
  return (code !== undefined && GONE.has(code)) || (cause !== undefined && cause !== null && isMariadbDown(cause))
}
