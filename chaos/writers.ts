import { setTimeout as sleep } from 'node:timers/promises'
import { createLog } from '../chassis/log.ts'
import { transaction } from '../chassis/postgres.ts'
import { watchPrimary } from '../chassis/primary.ts'
import type { Instance } from '../cluster/instance.ts'
import { machineMs } from './clock.ts'

const WRITERS = 8
/** Between two commits of a writer: eight that never pause leave two cores nothing to elect with. */
const THINK_MS = 5
/** After a commit that did not come back. */
const PAUSE_MS = 10

/** Writers as other systems are measured with: each commits one row after another, and counts what it was told. */
export interface Writers {
  /** When each acknowledged commit came back. */
  okMs: () => number[]
  /** Stops them. @returns How many acknowledged rows are not there. */
  end: () => Promise<{ acknowledged: number; lost: number }>
}

export async function openWriters({ postgresUrls }: Instance): Promise<Writers> {
  const primary = watchPrimary(postgresUrls.owner, createLog('chaos', 'fatal'))
  const okMs: number[] = []
  const told: string[] = []
  let ending = false
  await insisted(() => transaction(primary.pool(), (tx) => tx.query('create table if not exists public.chaos_rows (id text primary key)')))
  const first = Math.random().toString(36).slice(2)
  const writing = Array.from({ length: WRITERS }, (_, writer) => write(writer))

  return { okMs: () => okMs, end }

  async function write(writer: number): Promise<void> {
    for (let n = 1; !ending; n++) {
      const id = `${first}-${writer}-${n}`
      try {
        await transaction(primary.pool(), (tx) =>
          tx.query({ name: 'chaos', text: 'insert into public.chaos_rows values ($1)', values: [id] })
        )
        okMs.push(machineMs())
        told.push(id)
        await sleep(THINK_MS)
      } catch {
        await sleep(PAUSE_MS) // unknown or not done: another row
      }
    }
  }

  async function end(): Promise<{ acknowledged: number; lost: number }> {
    ending = true
    await Promise.all(writing)
    const rows = await insisted(() => transaction(primary.pool(), (tx) => tx.query<{ id: string }>('select id from public.chaos_rows')))
    await primary.close()
    const there = new Set(rows.rows.map(({ id }) => id))
    return { acknowledged: told.length, lost: told.filter((id) => !there.has(id)).length }
  }
}

async function insisted<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (err) {
      if (tries === 100) throw err
      await sleep(PAUSE_MS * tries)
    }
  }
}
