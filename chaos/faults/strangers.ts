import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { nodesOf } from '../../chassis/primary.ts'
import type { Instance } from '../../cluster/instance.ts'

/** How many knock at a time. */
const KNOCKING = 8
/** Who finds everything taken waits so long until it knocks again: what somebody of the shop gives back is taken soon. */
const PAUSE_MS = 20
const ANSWER_MS_MAX = 2_000
/** A server that has so many places that they are not all taken by then. */
const FULL_MS_MAX = 15_000
/** Who was sent away comes back at once; so long they are sent away again, so that strangers take their places. */
const CLEAR_AGAIN_MS = 150
const CLEARED_TIMES_MAX = 20
const NAME = 'stranger'

/** A server's connections, as somebody sees them who wants all of them. */
export interface Server {
  /** @throws Error for which `isFull` holds, when there is no room. */
  enter: () => Promise<{ leave: () => void }>
  isFull: (err: unknown) => boolean
  /** Ends the connections of everybody else but those who run the server. @returns How many that were. */
  clear: () => Promise<number>
  close: () => Promise<void>
}

/** Those who have taken a server's connections and do nothing with them. */
export interface Strangers {
  /** How many they have now. */
  count: () => number
  /** How often one of them was told that there is no room. */
  refused: () => number
  leave: () => Promise<void>
}

/** @param node - Whose connections are taken, under the role that sells. */
export async function crowdPostgres({ postgresUrls }: Pick<Instance, 'postgresUrls'>, node: string): Promise<Strangers> {
  const at = (url: string) => nodesOf(url)[Number(node.slice(2)) - 1]!
  return crowd(await postgresAt(at(postgresUrls.selling), at(postgresUrls.owner)))
}

/** The same of the MariaDB node that led at first, under the account that reads. */
export async function crowdMariadb({ mariadbUrls }: Pick<Instance, 'mariadbUrls'>): Promise<Strangers> {
  return crowd(await mariadbAt(mariadbUrls.primary, mariadbUrls.owner))
}

/**
 * Takes what is free, has everybody else sent away, and takes what they leave; again and again until they leave themselves.
 *
 * @throws Error when there is room for all of them.
 */
export async function crowd(server: Server, msMax = FULL_MS_MAX): Promise<Strangers> {
  const inside: Array<{ leave: () => void }> = []
  const full = Promise.withResolvers<void>()
  let [refused, leaving] = [0, false]
  const knocking = Array.from({ length: KNOCKING }, knock)
  if ((await Promise.race([full.promise, sleep(msMax, 'room', { ref: false })])) === 'room') {
    await leave()
    throw new Error(`after ${msMax} ms not every connection was taken`)
  }
  for (let times = 1; (await server.clear()) > 0; times++) {
    if (times === CLEARED_TIMES_MAX) break // whoever is faster than all of them keeps what they have
    await sleep(CLEAR_AGAIN_MS)
  }

  return { count: () => inside.length, refused: () => refused, leave }

  async function leave(): Promise<void> {
    leaving = true
    await Promise.all(knocking)
    for (const one of inside) one.leave()
    await server.close()
  }

  async function knock(): Promise<void> {
    while (!leaving) {
      try {
        inside.push(await server.enter())
      } catch (err) {
        if (server.isFull(err)) {
          refused++
          full.resolve()
        }
        await sleep(PAUSE_MS)
      }
    }
  }
}

async function postgresAt(strangerUrl: string, ownerUrl: string): Promise<Server> {
  const open = async (connectionString: string, application_name: string) => {
    const client = new pg.Client({ connectionString, application_name, connectionTimeoutMillis: ANSWER_MS_MAX })
    client.on('error', () => {}) // its server may end meanwhile
    await client.connect()
    return client
  }
  const owner = await open(ownerUrl, NAME)
  return {
    async enter() {
      const client = await open(strangerUrl, NAME)
      return { leave: () => void client.end().catch(() => {}) }
    },
    isFull: (err) => /^53/.test((err as { code?: string }).code ?? ''),
    async clear() {
      const { rowCount } = await owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where usename in ('selling', 'purchase', 'relay', 'catalogue') and application_name <> $1`,
        [NAME]
      )
      return rowCount ?? 0
    },
    close: () => owner.end().catch(() => {})
  }
}

async function mariadbAt(strangerUrl: string, ownerUrl: string): Promise<Server> {
  const open = async (uri: string) => {
    const connection = await createConnection({ uri, connectTimeout: ANSWER_MS_MAX })
    connection.on('error', () => {})
    return connection
  }
  const owner = await open(ownerUrl)
  const own = new Set<number>()
  return {
    async enter() {
      const connection = await open(strangerUrl)
      own.add(connection.threadId)
      return { leave: () => connection.destroy() }
    },
    isFull: (err) => (err as { code?: string }).code === 'ER_CON_COUNT_ERROR',
    async clear() {
      const [others] = await owner.query<Array<RowDataPacket & { id: number }>>(
        `select id from information_schema.processlist where user in ('writer', 'reader')`
      )
      const locals = others.filter(({ id }) => !own.has(id))
      for (const { id } of locals) await owner.query('kill connection ?', [id]).catch(() => {}) // it has gone meanwhile
      return locals.length
    },
    close: () => owner.end().catch(() => {})
  }
}
