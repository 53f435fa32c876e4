import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type Client } from 'pg'
import { type Quantiles, quantilesOf } from '../figures.ts'

export interface BareCommits {
  postgresUrl: string
  connections: number
  arrivalsMs: number[]
  /** One after the other, for everybody who comes. */
  commits: number
}

/** The least that a durable answer costs: begin, insert one row, commit. What is waited for a connection counts. */
export async function bareCommits({ postgresUrl, connections, arrivalsMs, commits }: BareCommits): Promise<Quantiles> {
  const clients = await Promise.all(Array.from({ length: connections }, () => connect(postgresUrl)))
  const free = [...clients]
  const waiting: Array<(client: Client) => void> = []
  const ms: number[] = []
  await Promise.all(arrivalsMs.map((at) => sleep(at).then(come)))
  await Promise.all(clients.map((client) => client.end()))
  return quantilesOf(ms)

  async function come(): Promise<void> {
    for (let n = 0; n < commits; n++) {
      const beganMs = performance.now()
      const client = free.pop() ?? (await new Promise<Client>((resolve) => waiting.push(resolve)))
      await client.query('begin')
      await client.query({ name: 'bare', text: 'insert into bench.bare (id) values ($1)', values: [randomUUID()] })
      await client.query('commit')
      const next = waiting.shift()
      if (next) next(client)
      else free.push(client)
      ms.push(performance.now() - beganMs)
    }
  }
}

async function connect(postgresUrl: string): Promise<Client> {
  const client = new pg.Client(postgresUrl)
  await client.connect()
  return client
}
