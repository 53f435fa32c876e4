import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, createConnection, type Pool, type RowDataPacket } from 'mysql2/promise'
import { unavailable } from './errors.ts'
import type { Log } from './log.ts'
import { destroyMariadb, openMariadb } from './mariadb.ts'
import { repeat } from './repeat.ts'

export interface MariadbWriter {
  /**
   * The pool of the node that leads; throws `unavailable` while there is none. Ask
   * for every transaction: when another node leads, this pool is destroyed, never drained.
   */
  pool: () => Pool
  /** The address of that node, for what needs a connection of its own. */
  url: () => string
  close: () => Promise<void>
}

/** What a node says of itself: the highest promotion it has heard of, and whether it takes writes. */
interface Answer {
  readOnly: boolean
  term: number
}

interface Leader {
  url: string
  term: number
  pool: Pool
}

const LOOK_MS = 100
const STEADY_MS = 500
const ANSWER_MS_MAX = 500
/** A node that is slow is not gone: its pool goes after this many looks without an answer. */
const SILENCES_MAX = 5

/**
 * Finds the MariaDB node that takes writes, and finds it again after a promotion:
 * of two that would, the one of the later term. With a single node (a managed
 * service) there is no choice, and nothing is looked up.
 *
 * @param nodes - `mysql://role:password@a:3306,b:3306/billing`
 */
export function watchMariadb(nodes: string, log: Log): MariadbWriter {
  const urls = mariadbNodesOf(nodes)
  if (urls.length === 1) return onlyNode(urls[0] as string)

  const probes = urls.map(openProbe)
  let leader: Leader | undefined
  let silences = 0
  const loop = repeat(log, STEADY_MS, async () => {
    await lookOnce()
    if (leader) return 0
    await sleep(LOOK_MS)
    return 1
  })

  return {
    pool: () => found().pool,
    url: () => found().url,
    async close() {
      await loop.stop()
      for (const probe of probes) probe.close()
      leave()
    }
  }

  function found(): Leader {
    if (!leader) throw unavailable('the document store')
    return leader
  }

  async function lookOnce(): Promise<void> {
    const answers = await Promise.all(probes.map(async ({ url, ask }) => ({ url, answer: await ask() })))
    const writable = answers.flatMap(({ url, answer }) => (answer && !answer.readOnly ? [{ url, term: answer.term }] : []))
    const [best] = writable.toSorted((a, b) => b.term - a.term)
    if (best && (best.term > (leader?.term ?? 0) || !leader)) return follow(best.url, best.term)
    const own = answers.find(({ url }) => url === leader?.url)?.answer
    silences = own ? 0 : silences + 1
    if (own?.readOnly || silences >= SILENCES_MAX) leave()
  }

  function follow(url: string, term: number): void {
    leave()
    leader = { url, term, pool: openMariadb(url) }
    silences = 0
    log.info({ host: new URL(url).host, term }, 'document store found')
  }

  function leave(): void {
    if (!leader) return
    log.warn({ host: new URL(leader.url).host, term: leader.term }, 'document store left')
    destroyMariadb(leader.pool)
    leader = undefined
  }
}

/** One address per node. */
export function mariadbNodesOf(nodes: string): string[] {
  const [, start = '', hosts = '', end = ''] = /^(mysql:\/\/(?:[^@/]*@)?)([^/?]*)(.*)$/.exec(nodes) ?? []
  return hosts.split(',').map((host) => `${start}${host}${end}`)
}

function onlyNode(url: string): MariadbWriter {
  const pool = openMariadb(url)
  return { pool: () => pool, url: () => url, close: () => pool.end() }
}

/** A connection of its own to one node, kept from question to question. */
function openProbe(url: string) {
  let connection: Connection | undefined
  return { url, ask, close: drop }

  /** @returns nothing when it did not answer in time. */
  async function ask(): Promise<Answer | undefined> {
    try {
      connection ??= (await createConnection({ uri: url, connectTimeout: ANSWER_MS_MAX })).on('error', drop)
      const sql = 'select @@read_only as readOnly, (select term from agent.role) as term'
      const [[row]] = await connection.query<RowDataPacket[]>({ sql, timeout: ANSWER_MS_MAX })
      return { readOnly: row?.readOnly === 1, term: row?.term ?? 0 }
    } catch {
      drop()
    }
  }

  /** Its server may be frozen: nothing is awaited. */
  function drop(): void {
    connection?.destroy()
    connection = undefined
  }
}
