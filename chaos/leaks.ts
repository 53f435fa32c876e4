import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PoolClient } from 'pg'
import { processesOf } from './processes.ts'
import type { Scene } from './scenario.ts'

/** What a component or the whole shop has in hand, by name. */
export type Holdings = Record<string, number>

/** So much more at the end than at the beginning is no leak: work comes in waves. */
const ALLOWED: Array<{ kind: RegExp; share: number; more: number }> = [
  { kind: / MiB$/, share: 0.15, more: 16 },
  { kind: / files open$/, share: 0.1, more: 12 },
  { kind: / processes$/, share: 0, more: 4 },
  { kind: / connections$/, share: 0.1, more: 6 },
  { kind: / slots$/, share: 0, more: 0 },
  { kind: / directories$/, share: 0, more: 1 } // a copy under way
]
const BYTES_PER_MIB = 1_048_576

/** A look at memory, files and connections of everything that runs. */
export async function takeStock(scene: Pick<Scene, 'statuses' | 'instance' | 'query'>): Promise<Holdings> {
  const { directory } = scene.instance
  const names = (await scene.statuses()).filter(({ state }) => state === 'healthy').map(({ name }) => name)
  const holdings: Holdings = {}
  for (const name of names) {
    const pids = processesOf(directory, [name])
    holdings[`${name} MiB`] = Math.round(sum(pids.map(ownBytes)) / BYTES_PER_MIB)
    holdings[`${name} files open`] = sum(pids.map((pid) => entriesIn(`/proc/${pid}/fd`)))
    holdings[`${name} processes`] = pids.length
    const data = join(directory, 'data', name)
    if (existsSync(data))
      holdings[`${name} directories`] = readdirSync(data, { withFileTypes: true }).filter((entry) => entry.isDirectory()).length
  }
  return { ...holdings, ...(await scene.query(postgresHoldings)) }
}

/**
 * What there is more of at the end of a calm time than at its beginning. Of
 * several looks the lowest counts: what is given back now and then is no leak.
 *
 * @returns One sentence per leak.
 */
export function leaksIn(early: Holdings[], late: Holdings[]): string[] {
  const names = Object.keys(Object.assign({}, ...early) as Holdings)
  return names.flatMap((name) => {
    const [before, after] = [lowest(early, name), lowest(late, name)]
    const allowed = ALLOWED.find(({ kind }) => kind.test(name))
    if (before === undefined || after === undefined || !allowed) return []
    return after > before * (1 + allowed.share) + allowed.more ? [`${name}: ${before} at first, ${after} at last`] : []
  })
}

function lowest(looks: Holdings[], name: string): number | undefined {
  const values = looks.flatMap((look) => look[name] ?? [])
  return values.length > 0 ? Math.min(...values) : undefined
}

/** What it shares with nobody. */
function ownBytes(pid: number): number {
  try {
    return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024
  } catch {
    return 0 // it has gone meanwhile
  }
}

function entriesIn(directory: string): number {
  try {
    return readdirSync(directory).length
  } catch {
    return 0
  }
}

async function postgresHoldings(client: PoolClient): Promise<Holdings> {
  const { rows } = await client.query<{ role: string; count: number }>(
    `select coalesce(usename, 'nobody') as role, count(*)::integer as count from pg_stat_activity where backend_type = 'client backend' group by 1`
  )
  const slots = await client.query<{ count: number }>('select count(*)::integer as count from pg_replication_slots')
  return {
    ...Object.fromEntries(rows.map(({ role, count }) => [`PostgreSQL ${role} connections`, count])),
    'PostgreSQL slots': slots.rows[0]!.count
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
