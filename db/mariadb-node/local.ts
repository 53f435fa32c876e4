import { userInfo } from 'node:os'
import { type Connection, createConnection } from 'mysql2/promise'

/** Long enough for any question about the server's own state; a frozen server has to be noticed. */
const ASK_MS_MAX = 3_000

/** Asks the node's own server, as root, by its socket. One connection per visit: nothing to keep alive, nothing to go stale. */
export async function visit<T>(socketPath: string, ask: (connection: Connection) => Promise<T>, msMax = ASK_MS_MAX): Promise<T> {
  const connection = await createConnection({ socketPath, user: userInfo().username, connectTimeout: msMax })
  connection.on('error', () => {}) // the question fails with it
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('mariadbd does not answer')), msMax)
  })
  try {
    return await Promise.race([ask(connection), tooLong])
  } finally {
    clearTimeout(timer)
    connection.destroy()
  }
}
