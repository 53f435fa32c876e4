import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg'
import type { Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { openAvailability } from './availability.ts'
import { openSeller, type Seller } from './seller.ts'

/** For tests: a fault in one statement of a seller, planted on its way to the database. */
export interface Plant {
  /** The name of the statement. */
  at: string
  change?: (statement: Statement) => Statement
  /** Awaited before the seller learns what the statement found. */
  then?: () => Promise<unknown>
}

interface Statement {
  text: string
  values: unknown[]
}

/** A seller of its own, as another process would be, with these faults. */
export function givenSeller(t: Test, url: string, ...plants: Plant[]): Seller & { close: () => Promise<void> } {
  const pool = openPool(url, createLog('test', 'silent'))
  const close = async () => {
    if (!pool.ended) await pool.end()
  }
  t.teardown(close)
  const writer = planted(pool, plants)
  return { ...openSeller({ writer: () => writer, holdSeconds: 600, availability: openAvailability(() => pool) }), close }
}

function planted(pool: Pool, plants: Plant[]): Pool {
  return instead(pool, 'connect', async () => {
    const client: PoolClient = await pool.connect()
    return instead(client, 'query', (query: QueryConfig | string) => ask(client, query, plants))
  })
}

async function ask(client: PoolClient, query: QueryConfig | string, plants: Plant[]): Promise<QueryResult> {
  const plant = typeof query === 'string' ? undefined : plants.find(({ at }) => at === query.name)
  if (!plant || typeof query === 'string') return client.query(query as string)
  const found = client.query({ ...query, ...plant.change?.({ text: query.text, values: query.values as unknown[] }) })
  const [result] = await Promise.all([found, found.then(plant.then)])
  return result
}

function instead<T extends object>(thing: T, method: keyof T, does: unknown): T {
  return new Proxy(thing, {
    get(target, key) {
      if (key === method) return does
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
}

/** The rows are read, and nobody has to wait for them. */
export function withoutLock(at: 'lock-seats' | 'lock-zones'): Plant {
  return { at, change: ({ text, values }) => ({ text: text.replace('for no key update', ''), values }) }
}

/** Nothing is found. */
export function blind(at: 'find-orders' | 'find-holds'): Plant {
  return { at, change: ({ text, values }) => ({ text: text.replaceAll('where ', 'where false and '), values }) }
}

/** Each seat is locked a moment after the one before, in the order asked for or in the reverse. */
export function slowly(order: 'forwards' | 'backwards'): Plant {
  return {
    at: 'lock-seats',
    change: ({ text, values }) => ({
      text: text.replace('select s.show_id', 'select pg_sleep(0.1), s.show_id'),
      values: order === 'forwards' ? values : values.map((array) => arrayOf(numbersIn(array).reverse()))
    })
  }
}

/** This seat is not locked, whatever rule asks for it. */
export function withoutSeat(seatNo: number): Plant {
  return {
    at: 'lock-seats',
    change: ({ text, values }) => {
      const [showIds, nos] = values.map(numbersIn) as [number[], number[]]
      const kept = nos.flatMap((no, i) => (no === seatNo ? [] : i))
      return { text, values: [arrayOf(kept.map((i) => showIds[i]!)), arrayOf(kept.map((i) => nos[i]!))] }
    }
  }
}

/**
 * Two sellers read, and only then does either go on to decide.
 *
 * @param waitMs - How long one waits who is alone, because the other cannot read what this one has locked.
 */
export function meeting(waitMs = 4_000): Plant {
  const { promise: met, resolve } = Promise.withResolvers<void>()
  let readers = 0
  const then = async () => {
    if (++readers === 2) resolve()
    await Promise.race([met, new Promise((resolve) => setTimeout(resolve, waitMs))])
  }
  return { at: 'read-clock', then }
}

function numbersIn(array: unknown): number[] {
  return String(array).slice(1, -1).split(',').map(Number)
}

function arrayOf(numbers: number[]): string {
  return `{${numbers.join()}}`
}
