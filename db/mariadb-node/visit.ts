import { userInfo } from 'node:os'
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise'

/** Long enough for any question about a server's own state; a frozen server has to be noticed. */
const ASK_MS_MAX = 3_000

/** A primary, as its replica reaches it. */
export interface Source {
  host: string
  port: number
  user: string
  password: string
}

/** Asks the node's own server, as root, by its socket. */
export function visit<T>(socketPath: string, question: (connection: Connection) => Promise<T>, msMax = ASK_MS_MAX): Promise<T> {
  return ask({ socketPath, user: userInfo().username }, question, msMax)
}

/** One connection per question: nothing to keep alive, nothing to go stale. */
export async function ask<T>(
  server: Source | ConnectionOptions,
  question: (connection: Connection) => Promise<T>,
  msMax = ASK_MS_MAX
): Promise<T> {
  const connection = await createConnection({ ...server, connectTimeout: msMax })
  connection.on('error', () => {}) // the question fails with it
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('MariaDB does not answer')), msMax)
  })
  try {
    return await Promise.race([question(connection), tooLong])
  } finally {
    clearTimeout(timer)
    connection.destroy()
  }
}
