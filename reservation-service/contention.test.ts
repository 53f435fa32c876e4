import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { givenPlan, givenShowRequest, times } from './given.ts'
import { deadlocksIn, faultsIn, readBooks } from './given-books.ts'
import { type Crowd, rush } from './given-crowd.ts'
import { givenProcesses, type Processes } from './given-processes.ts'

const SEATS = 900
const BLOCKS = 40
const SHOWS = ['plain', 'ruled', 'limited']
const CROWD: Crowd = { clients: 64, requests: 3_000, showIds: [1, 2, 3], seats: SEATS, seed: 7 }

t.test(
  'three thousand requests for the same seats and places in any order, at two processes: no deadlock, no double seat, no fault',
  async (t) => {
    const { pool, processes } = await given(t)

    const [{ answers, broken }, operated] = await Promise.all([rush(CROWD, processes), keepBlocking(processes)])
    await processes.stop()

    t.comment(answers)
    t.equal(broken, 0)
    t.strictSame(
      Object.keys(answers).filter((said) => said.startsWith('5')),
      []
    )
    t.strictSame(
      operated.filter((status) => status >= 500),
      []
    )
    for (const said of ['200', '409 SEAT_TAKEN', '409 ZONE_FULL', '409 ORPHAN_SEAT', '409 BUYER_LIMIT']) t.ok(answers[said]! > 0, said)
    t.equal(await deadlocksIn(pool), 0)
    t.strictSame(faultsIn(await readBooks(pool)), [])
  }
)

t.test('a process that is killed in the middle loses nothing that it answered, and its clients go on at the other', async (t) => {
  const { pool, processes } = await given(t)

  const { answers, acknowledged, broken } = await rush({ ...CROWD, requests: 2_000, seed: 8 }, processes, () => processes.kill(1))

  t.comment(answers, broken)
  t.ok(broken > 0, 'it was in the middle')
  t.strictSame(
    Object.keys(answers).filter((said) => said.startsWith('5')),
    []
  )
  const orders = [...acknowledged].filter(([asked]) => /^PUT \/(orders|sales)\//.test(asked))
  const told = await Promise.all(orders.map(([asked]) => processes.send(0, 'GET', `/orders/${asked.slice(-36)}`)))
  t.strictSame(
    told.map(({ text }) => text),
    orders.map(([, { text }]) => text),
    `${orders.length} acknowledged orders stand as they were told`
  )
  const holds = [...acknowledged.keys()].flatMap((asked) => asked.match(/^PUT \/holds\/([^/]*)$/)?.[1] ?? [])
  t.equal((await pool.query('select from selling.holds where hold_id = any($1)', [holds])).rowCount, holds.length)
  t.strictSame(faultsIn(await readBooks(pool)), [])
})

/** An operator who keeps house seats in the middle of it all, and gives them back. @returns The answers. */
async function keepBlocking({ send }: Processes): Promise<number[]> {
  const statuses: number[] = []
  for (let i = 0; i < BLOCKS; i++) {
    const path = `/shows/plain/blocks/house-${i}`
    const seats = times(4, (n) => `A-${((i * 29) % SEATS) + 4 - n}`)
    statuses.push((await send(i % 2, 'PUT', path, { reason: 'House', seats })).status)
    statuses.push((await send((i + 1) % 2, 'DELETE', path)).status)
  }
  return statuses
}

/** Three shows of one row: one without rules, one under the rule against orphans, one that limits its buyers. */
async function given(t: Test): Promise<{ pool: Pool; processes: Processes }> {
  const url = await testDatabaseUrl(t)
  const pool = openPool(url, createLog('test', 'silent'))
  const processes = await givenProcesses(t, [url, url])
  t.teardown(() => pool.end())
  const zones = [300, 60].map((capacity, i) => ({ name: `Cancha ${i + 1}`, capacity, priceClp: 5_000 }))
  const changes = [{}, { noOrphanSeats: true }, { ticketsPerBuyerMax: 12 }]
  const loaded = [await processes.send(0, 'PUT', '/seating-plans/sala', givenPlan(SEATS))]
  for (const [i, change] of changes.entries())
    loaded.push(await processes.send(0, 'PUT', `/shows/${SHOWS[i]}`, { ...givenShowRequest(), zones, ...change }))
  t.strictSame(
    loaded.map(({ status }) => status),
    times(4, () => 200)
  )
  return { pool, processes }
}
