import { createConnection, type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { nodesOf } from '../../chassis/primary.ts'
import type { Instance } from '../../cluster/instance.ts'
import type { Scene } from '../scenario.ts'

const ANSWER_MS_MAX = 5_000

/** @returns The time of day that a component believes in: a database says it, everybody else writes it on their answers. */
export async function timeAt({ instance, statuses }: Pick<Scene, 'instance' | 'statuses'>, component: string): Promise<number> {
  if (/^pg\d$/.test(component)) return timeOfPostgres(instance, component)
  const { address } = (await statuses()).find(({ name }) => name === component)!
  if (/^maria\d$/.test(component)) return timeOfMariadb(instance, address)
  const response = await fetch(`http://${address}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })
  return Date.parse(response.headers.get('date')!)
}

async function timeOfPostgres({ postgresUrls }: Instance, node: string): Promise<number> {
  const connectionString = nodesOf(postgresUrls.owner)[Number(node.slice(2)) - 1]!
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: ANSWER_MS_MAX, query_timeout: ANSWER_MS_MAX })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ ms: number }>('select extract(epoch from clock_timestamp())::float8 * 1000 as ms')
    return rows[0]!.ms
  } finally {
    client.end().catch(() => {})
  }
}

async function timeOfMariadb({ mariadbUrls }: Instance, address: string): Promise<number> {
  const url = new URL(mariadbUrls.owner)
  url.host = address
  const connection = await createConnection({ uri: url.href, connectTimeout: ANSWER_MS_MAX })
  try {
    const [[row]] = await connection.query<Array<RowDataPacket & { seconds: string }>>('select unix_timestamp(sysdate(3)) as seconds')
    return Number(row!.seconds) * 1_000
  } finally {
    await connection.end()
  }
}
