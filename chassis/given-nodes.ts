import { readFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import pg from 'pg'
import type { Test } from 'tap'
import { testDatabaseUrl } from '../db/test-database.ts'

/** For tests: a node of its own as its clients see it. Behind each stands another database of one server. */
export interface GivenNode {
  /** @returns When its first commit was acknowledged, on the clock of `performance.now()`. */
  reign: (epoch: number) => Promise<number>
  /** It takes connections and bytes, and answers nothing. */
  freeze: () => void
  thaw: () => void
  /** What is said to it and what it says take so long, each way. */
  far: (ms: number) => void
  /** It ends every connection, and takes none. */
  die: () => Promise<void>
  live: () => Promise<void>
  /** That its clients have open to it, now. */
  connections: () => number
  /** Straight to its database. */
  ask: (sql: string) => Promise<unknown[]>
}

const PORT = 5432
const REIGN = `create table public.reign (
  epoch bigint primary key, node text not null,
  timeline integer not null default ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer
)`

/** @param net - 127.111.x: one for each test of a file. */
export async function givenNodes(t: Test, net: number, count: number): Promise<{ urls: string; nodes: GivenNode[] }> {
  const databases = await Promise.all(Array.from({ length: count }, async () => new URL(await testDatabaseUrl(t))))
  const [first] = databases as [URL]
  const hosts = databases.map((_, i) => `127.111.${net}.${i + 1}`)
  const nodes = await Promise.all(databases.map((database, i) => givenNode(t, hosts[i]!, database, first.pathname.slice(1))))
  const who = first.password ? `${first.username}:${first.password}` : first.username
  return { urls: `postgres://${who}@${hosts.map((host) => `${host}:${PORT}`).join()}${first.pathname}`, nodes }
}

async function givenNode(t: Test, host: string, database: URL, asked: string): Promise<GivenNode> {
  const direct = new pg.Client(database.href)
  direct.on('error', () => {})
  await direct.connect()
  await direct.query(REIGN)
  const clients = new Set<Socket>()
  let [frozen, farMs] = [false, 0]
  const server = createServer((client) => {
    clients.add(client)
    const node = connect(Number(database.port), database.hostname)
    for (const socket of [client, node]) socket.on('error', () => {})
    client.once('data', (bytes) => {
      // as long as the name it was asked for, so that the message stays whole
      carry(Buffer.from(bytes.toString('latin1').replace(asked, database.pathname.slice(1)), 'latin1'), node)
      pipe(client, node)
    })
    pipe(node, client)
    client.on('close', () => clients.delete(client) && node.destroy())
    node.on('close', () => frozen || client.destroy())
    if (frozen) client.pause()
  })

  function pipe(from: Socket, to: Socket): void {
    from.on('data', (bytes: Buffer) => carry(bytes, to))
  }

  function carry(bytes: Buffer, to: Socket): void {
    if (farMs === 0) to.write(bytes)
    else setTimeout(() => to.write(bytes), farMs)
  }

  const live = () => new Promise<void>((resolve) => server.listen(PORT, host, resolve))
  const die = () => ended(server, clients)
  await live()
  t.teardown(async () => {
    await die()
    await direct.end()
  })
  return {
    die,
    live,
    connections: () => connectionsTo(host),
    ask: async (sql) => (await direct.query(sql)).rows,
    async reign(epoch) {
      await direct.query("insert into public.reign (epoch, node) values ($1, current_setting('cluster_name'))", [epoch])
      return performance.now()
    },
    freeze() {
      frozen = true
      for (const client of clients) client.pause()
    },
    thaw() {
      frozen = false
      for (const client of clients) client.resume()
    },
    far(ms) {
      farMs = ms
    }
  }
}

async function ended(server: Server, clients: Set<Socket>): Promise<void> {
  if (!server.listening) return
  const closed = new Promise((resolve) => server.close(resolve))
  for (const client of clients) client.destroy()
  await closed
}

/** A frozen node does not see who has gone, so the kernel is asked: with this address at the other end, and somebody who has it open. */
function connectionsTo(host: string): number {
  const hex = (numbers: number[]) => numbers.map((number) => number.toString(16).padStart(2, '0').toUpperCase()).join('')
  const other = `${hex(host.split('.').toReversed().map(Number))}:${hex([PORT >> 8, PORT & 255])}`
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  return lines.map((line) => line.trim().split(/\s+/)).filter(([, , remote, , , , , , , inode]) => remote === other && inode !== '0').length
}
