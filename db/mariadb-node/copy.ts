import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rename, rm, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import { makingArguments } from './command-line.ts'
import { installInto } from './install.ts'
import type { Layout } from './layout.ts'
import { type Dated, forbidsFollowing, type Lineage, readLineage } from './lineage.ts'
import { ENVIRONMENT, isRunning, lastError, startServer, stopServer } from './process.ts'
import { ask, type Source, visit } from './visit.ts'

const START_MS_MAX = 30_000
const STOP_MS_MAX = 30_000
const LOOK_MS = 100
const OF_THE_SERVER = ['information_schema', 'performance_schema', 'mysql', 'sys']

/**
 * Makes, in `layout.making`, a copy of everything that the primary holds, with
 * the position it stands at. The node's data serve on meanwhile; see {@link takeCopy}.
 *
 * @param own - What the copy is to replace.
 * @param term - The primary's.
 * @throws Error when the primary does not answer, or may not replace `own`.
 */
export async function makeCopy(layout: Layout, source: Source, own: Dated, term: number, signal: AbortSignal): Promise<Lineage> {
  const { lineage, databases } = await look(source)
  const forbidden = forbidsFollowing(own, { ...lineage, term })
  if (forbidden) throw new Error(forbidden)
  await installInto(layout, signal)
  const server = await startServer(makingArguments(layout), layout.log, () => {})
  try {
    const answers = () => visit(layout.makingSocket, readLineage).then(() => true, () => false) // biome-ignore format: one thought
    for (const deadline = performance.now() + START_MS_MAX; !(await answers()); await sleep(LOOK_MS, undefined, { signal })) {
      if (performance.now() < deadline && (await isRunning(server))) continue
      throw new Error(`the server for the copy did not start: ${await lastError(layout.log)}`)
    }
    await transfer(layout, source, databases, signal)
    return await visit(layout.makingSocket, async (connection) => {
      await connection.query('reset slave all') // the position stays; whom to follow is said later
      return readLineage(connection)
    })
  } finally {
    await stopServer(server, STOP_MS_MAX)
  }
}

/** Puts the finished copy in the place of the data, whose server has been stopped. What was there is kept until the next time. */
export async function takeCopy(layout: Layout, { identity }: Lineage): Promise<void> {
  await writeFile(layout.identity, `${identity}\n`, { flush: true })
  await rm(layout.before, { recursive: true, force: true })
  await rename(layout.data, layout.before).catch((err: NodeJS.ErrnoException) => {
    if (err.code !== 'ENOENT') throw err
  })
  await rename(layout.making, layout.data)
}

function look(source: Source): Promise<{ lineage: Lineage; databases: string[] }> {
  return ask(source, async (connection) => {
    const [rows] = await connection.query<RowDataPacket[]>('select schema_name as name from information_schema.schemata')
    const databases = rows.map(({ name }) => name as string).filter((name) => !OF_THE_SERVER.includes(name))
    return { lineage: await readLineage(connection), databases }
  })
}

/** One snapshot of all databases, without a lock on the primary: it may be waiting for this very copy. */
async function transfer(layout: Layout, { host, port, user, password }: Source, databases: string[], signal: AbortSignal): Promise<void> {
  const env = { ...ENVIRONMENT, MYSQL_PWD: password }
  const from = ['--no-defaults', `--host=${host}`, `--port=${port}`, `--user=${user}`]
  const what = ['--single-transaction', '--master-data=1', '--gtid', '--hex-blob', '--routines', '--events', '--databases', ...databases]
  const dump = spawn('mariadb-dump', [...from, ...what], { env, signal, stdio: ['ignore', 'pipe', 'pipe'] })
  const load = spawn('mariadb', ['--no-defaults', `--socket=${layout.makingSocket}`, `--user=${userInfo().username}`], {
    env: ENVIRONMENT,
    signal,
    stdio: ['pipe', 'ignore', 'pipe']
  })
  const piped = pipeline(dump.stdout, load.stdin).catch(() => {}) // whichever end broke says why below
  await Promise.all([succeeded('mariadb-dump', dump), succeeded('mariadb', load), piped])
}

async function succeeded(name: string, child: ChildProcess): Promise<void> {
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-500)
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${name} failed: ${words.trim()}`)
}
