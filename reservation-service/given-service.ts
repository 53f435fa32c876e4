import type { Pool } from 'pg'
import type { Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { createApi } from './api.ts'
import { givenPlan, givenShowRequest } from './given.ts'

/** For tests: the tokens of the two kinds of callers. */
export const SELLER = 'orchestrator-to-reservation'
export const OPERATOR = 'operator-operator'

interface Answer {
  status: number
  body: Record<string, never> & { totalClp: number }
}

/**
 * The whole service behind a real port, with a plan and a show of five seats, and the rights of its role.
 *
 * @param url - A fresh database of a superuser's.
 */
export async function givenService(t: Test, url: string) {
  const log = createLog('test', 'silent')
  const [owner, pool] = [openPool(url, log), openPool(`${url}?options=-c%20role%3Dselling`, log)]
  let rung = 0
  const api = await createApi(log, { writer: () => pool, holdSeconds: 600, token: SELLER, operatorToken: OPERATOR, ring: () => rung++ })
  const base = await api.listen({ host: '127.104.4.2', port: 0 })
  t.teardown(async () => {
    await api.close()
    await Promise.all([owner.end(), pool.end()])
  })
  const send = sender(base)
  const put = (path: string, body: unknown) => send('PUT', path, /^\/(seating|shows)/.test(path) ? OPERATOR : SELLER, body)
  await put('/seating-plans/sala', givenPlan(5))
  await put('/shows/show', givenShowRequest())
  return { put, send, url: base, counts: () => counts(owner), rings: () => rung }
}

function sender(base: string) {
  return async (method: string, path: string, token: string, body?: unknown, type = 'application/json'): Promise<Answer> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) })
    })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }
}

export function raw(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

export function orderOf(holdId: string, totalClp: number) {
  return { holdId, buyer: { name: 'Ana Soto', email: 'ana@example.cl' }, language: 'es', totalClp }
}

async function counts(pool: Pool): Promise<unknown> {
  const tables = ['plans', 'plan_seats', 'plan_sections', 'shows', 'show_prices', 'show_zones', 'seats', 'holds', 'zone_holds', 'orders']
  const counting = [...tables, 'sold_seats', 'sold_places', 'outbox'].map((table) => `(select count(*) from selling.${table}) as ${table}`)
  const states = 'array(select state from selling.seats order by seat_no) as states'
  return (await pool.query(`select ${counting.join(', ')}, ${states}`)).rows[0]
}
