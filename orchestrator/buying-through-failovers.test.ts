import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Peer, peer } from '../chassis/call.ts'
import { PAGE_MS_MAX } from '../chassis/deadlines.ts'
import { givenShopNodes, losePrimary, steadily } from '../chassis/given-failover.ts'
import { createLog } from '../chassis/log.ts'
import { destroyPool, openPool } from '../chassis/postgres.ts'
import type { PaymentStarted, Purchase } from '../contracts/purchase.ts'
import type { TestNodes } from '../db/test-nodes.ts'
import { eventually, givenProcess, givenShows, TOKEN } from './given.ts'
import { atBank } from './given-bank.ts'

const INSTANCE = 113
const NET = `127.${INSTANCE}`
const SEATS = 2_000
const EVERY_MS = 300
/** Before and after each loss. */
const BUYERS = 15
const ORDERED = /^(ordered|documented)$/
const log = createLog('test', 'silent')

t.test(
  'purchases go on while three primaries are lost, the last one frozen: everybody who paid has an order, and nobody saw an error',
  async (t) => {
    const nodes = await givenShopNodes(t, INSTANCE)
    const owner = await poolOfPrimary(t, nodes)
    await givenShows(owner, SEATS)
    const { call } = peer(await givenOrchestrators(t, nodes), TOKEN, PAGE_MS_MAX)
    const longestMs: Record<string, number> = {}
    const ids: string[] = []

    const buyers = steadily(EVERY_MS, (no) => buy(no + 1))
    for (const lose of [nodes.killPostgres, nodes.killPostgres, nodes.freeze]) {
      await buyers.ended(BUYERS)
      t.comment(`${lose.name}: another reigns after ${Math.round(await losePrimary(nodes, lose))} ms`)
      await buyers.ended(BUYERS)
    }
    const { begun, failures } = await buyers.stop()

    t.strictSame(failures, [], `${begun} buyers, longest answers in ms: ${JSON.stringify(longestMs)}`)
    t.ok(Math.max(...Object.values(longestMs)) < PAGE_MS_MAX)
    const states = await Promise.all(ids.map((id) => eventually(() => orderedState(id), 60_000)))
    t.equal(states.length, begun, 'everybody who paid has an order')
    const { rows } = await (await poolOfPrimary(t, nodes)).query<{ id: string }>(
      'select order_id as id from selling.sold_seats join selling.orders using (order_id)'
    )
    t.strictSame(rows.map(({ id }) => id).toSorted(), ids.toSorted(), 'and a seat, once')

    async function buy(seatNo: number): Promise<void> {
      const id = randomUUID()
      await timed('hold', call<Purchase>('PUT', `/purchases/${id}`, { showId: 1, seatNos: [seatNo], places: [] }))
      const buyer = { name: 'Ana Soto', email: 'ana@example.cl' }
      const request = { buyer, language: 'es', consent: { terms: 't1', privacy: 'p1' } }
      const { redirect } = await timed<PaymentStarted>('pay', call('PUT', `/purchases/${id}/payment`, request))
      const back = await atBank(redirect!, 'approve')
      await timed('return', call<Purchase>('POST', '/payments/return', back))
      ids.push(id)
    }

    async function orderedState(id: string): Promise<string | false> {
      const { state } = await call<Purchase>('GET', `/purchases/${id}`)
      return ORDERED.test(state) && state
    }

    async function timed<T>(what: string, asked: ReturnType<Peer['call']>): Promise<T> {
      const beganMs = performance.now()
      try {
        return (await asked) as T
      } finally {
        longestMs[what] = Math.max(longestMs[what] ?? 0, Math.round(performance.now() - beganMs))
      }
    }
  }
)

async function poolOfPrimary(t: Test, nodes: TestNodes) {
  const { leader } = await nodes.reign()
  const pool = openPool(nodes.urlOf('owner', leader), log)
  t.teardown(() => destroyPool(pool))
  return pool
}

/** Two of them, before two sellers and the stand-in of the bank. @returns Where they are. */
async function givenOrchestrators(t: Test, nodes: TestNodes): Promise<string> {
  const bank = { BANK_COMMERCE_CODE: '597055555532', BANK_API_KEY: 'the-key-of-these-tests' }
  const directory = await mkdtemp(join(tmpdir(), 'bank-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  await givenProcess(t, 'cluster/stand-ins/bank.main.ts', `http://${NET}.9.9:8080`, { ...bank, DATA_DIRECTORY: directory })
  const sellers = [1, 2].map((no) => `http://${NET}.4.${no}:3000`)
  const orchestrators = [1, 2].map((no) => `http://${NET}.3.${no}:3000`)
  const nobody = `http://${NET}.5.1:3000`
  const settings = {
    ...bank,
    POSTGRES_NODES: nodes.urlOf('purchase'),
    RESERVATION_URLS: sellers.join(),
    BILLING_PRIMARY_URL: nobody,
    BILLING_REPLICA_URL: nobody,
    RELAY_URL: nobody,
    BROKER_URL: process.env.TEST_BROKER_URL!,
    BANK_URL: `http://${NET}.9.9:8080`,
    PUBLIC_URL: `http://${NET}.0.9:9`,
    RESUME_MS: '500',
    LINK_SECRET: TOKEN,
    ORCHESTRATOR_TO_RESERVATION_TOKEN: TOKEN,
    ORCHESTRATOR_TO_BILLING_TOKEN: TOKEN,
    ORCHESTRATOR_TO_RELAY_TOKEN: TOKEN,
    PORTAL_TO_ORCHESTRATOR_TOKEN: TOKEN
  }
  const selling = { POSTGRES_NODES: nodes.urlOf('selling'), ORCHESTRATOR_TO_RESERVATION_TOKEN: TOKEN, OPERATOR_TOKEN: TOKEN }
  await Promise.all([
    ...sellers.map((url) => givenProcess(t, 'reservation-service/main.ts', url, selling)),
    ...orchestrators.map((url) => givenProcess(t, 'orchestrator/main.ts', url, settings))
  ])
  return orchestrators.join()
}
