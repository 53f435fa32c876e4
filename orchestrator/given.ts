import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Test } from 'tap'

/** For tests: the service among the processes it really talks to, each on an address of its own and a database of the test's. */
const START_MS_MAX = 15_000
const POLL_MS = 50
export const TOKEN = 'a-token-of-these-tests'

/** Starts one of our processes and waits until it answers. It ends with the test. */
export async function givenProcess(t: Test, file: string, url: string, env: Record<string, string>): Promise<ChildProcess> {
  const { hostname, port } = new URL(url)
  const child = spawn(process.execPath, [file], {
    cwd: new URL('..', import.meta.url),
    env: { PATH: process.env.PATH ?? '', LISTEN_ADDRESS: hostname, PORT: port, LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'fatal', ...env },
    stdio: ['ignore', 'inherit', 'inherit']
  })
  t.teardown(() => endProcess(child))
  const deadline = performance.now() + START_MS_MAX
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${file} did not start`)
    await sleep(POLL_MS)
  }
  return child
}

/** At once and without a word, as a crash would. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false
  )
}

/** Waits until something holds, and gives what made it so. */
export async function eventually<T>(ask: () => Promise<T | undefined | false>, msMax = 10_000): Promise<T> {
  const deadline = performance.now() + msMax
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer as T
    if (performance.now() > deadline) throw new Error('it never came true')
    await sleep(POLL_MS)
  }
}

/** A show on sale: seats 1 to `seats` at 10,000, zone 1 with ten free places, and 1,500 of service fee for each ticket that costs something. */
export async function givenShows(pool: Pool, seats: number): Promise<void> {
  await pool.query(`insert into selling.plans (code, name, fingerprint, width, height) values ('sala', 'Sala', '', 100, 100)`)
  await pool.query(`insert into selling.plan_categories (plan_id, category, color) values (1, 'Platea', '#888888')`)
  await pool.query(`insert into selling.plan_sections values (1, 1, 'Platea', 0, 0, 100, 100, $1)`, [seats])
  await pool.query(
    `insert into selling.plan_seats (plan_id, seat_no, seat_guid, section_no, row_label, seat_label, category, x, y)
     select 1, n, n::text, 1, 'A', n::text, 'Platea', n, 1 from generate_series(1, $1) n`,
    [seats]
  )
  for (const [code, feeClp] of [
    ['paid', 1_500],
    ['free', 0]
  ] as const) {
    await pool.query(
      `insert into selling.shows (code, plan_id, fingerprint, title, description_es, description_en, genre, venue, address, city,
                                  starts_at, time_zone, sales_from, sales_until, service_fee_per_ticket_clp)
       values ($1, 1, '', 'Show', '', '', 'Teatro', 'Sala', 'Calle 1', 'Santiago', now() + interval '30 days', 'America/Santiago',
               now() - interval '1 day', now() + interval '29 days', $2)`,
      [code, feeClp]
    )
  }
  await pool.query(`insert into selling.show_prices values (1, 'Platea', 10000), (2, 'Platea', 0)`)
  await pool.query('insert into selling.seats (show_id, seat_no) select show_id, generate_series(1, $1) from selling.shows', [seats])
}

/**
 * Show 3, with every rule: adults at 10,000 and children at 6,000, four tickets
 * per buyer, no stranded seats, and a wheelchair place (the last seat but one) with its companion.
 */
export async function givenShowWithRules(pool: Pool, seats: number): Promise<void> {
  await pool.query(
    `insert into selling.shows (code, plan_id, fingerprint, title, description_es, description_en, genre, venue, address, city, starts_at,
                                time_zone, sales_from, sales_until, service_fee_per_ticket_clp, tickets_per_buyer_max, no_orphan_seats)
     select 'rules', plan_id, '', title, '', '', genre, venue, address, city, starts_at, time_zone, sales_from, sales_until, 1500, 4, true
     from selling.shows
     where show_id = 1`
  )
  await pool.query(`insert into selling.ticket_types values (3, 1, 'Adulto'), (3, 2, 'Niño')`)
  await pool.query(
    `insert into selling.show_prices (show_id, category, type_no, price_clp) values (3, 'Platea', 1, 10000), (3, 'Platea', 2, 6000)`
  )
  await pool.query('insert into selling.accessible_seats values (3, $1, $1), (3, $2, $1)', [seats - 1, seats])
  await pool.query('insert into selling.seats (show_id, seat_no) select 3, generate_series(1, $1)', [seats])
}
