import { cpus, release, totalmem } from 'node:os'
import type { Client } from 'pg'

/** What figures were measured on, in one line: without it they mean nothing. */
export async function machineOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>('show server_version')
  const [first, ...others] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const postgres = `PostgreSQL ${rows[0]!.server_version.split(' ')[0]}`
  return [
    `${others.length + 1} x ${first?.model.trim() ?? 'processor'}`,
    memory,
    `Linux ${release()}`,
    postgres,
    `Node ${process.versions.node}`
  ].join(', ')
}
