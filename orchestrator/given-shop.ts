import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConfirmChannel } from 'amqplib'
import type { Test } from 'tap'
import { peer } from '../chassis/call.ts'
import { createLog } from '../chassis/log.ts'
import { openPatience } from '../chassis/patience.ts'
import { openPool } from '../chassis/postgres.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { createApi } from './api.ts'
import { webpay } from './bank.ts'
import { readDocuments } from './documents.ts'
import { givenProcess, givenShows, givenShowWithRules, TOKEN } from './given.ts'
import { givenWire } from './given-bank.ts'
import type { Kit } from './kit.ts'
import { mover } from './mover.ts'

const COMMERCE_CODE = '597055555532'
const API_KEY = 'the-key-of-these-tests'
const RETURN_URL = 'http://127.105.0.9:9/pago/retorno'

/**
 * The orchestrator in this process, between a real seller and the real stand-in of the bank.
 *
 * @param net - Which 127.105.x the processes listen on: one per test file.
 */
export async function givenShop(t: Test, net: number, settings: { seats?: number; channel?: ConfirmChannel } = {}) {
  const log = createLog('test', process.env.TEST_LOG_LEVEL ?? 'fatal')
  const node = await testDatabaseUrl(t)
  const owner = openPool(node, log)
  const pool = openPool(`${node}?options=-c%20role%3Dpurchase`, log)
  const { seats = 200 } = settings
  await givenShows(owner, seats)
  await givenShowWithRules(owner, seats)

  const sellerUrl = `http://127.105.${net}.4:3000`
  const sellerEnv = {
    POSTGRES_NODES: `${node}?options=-c%20role%3Dselling`,
    HOLD_SECONDS: '600',
    ORCHESTRATOR_TO_RESERVATION_TOKEN: TOKEN,
    OPERATOR_TOKEN: TOKEN
  }
  const startSeller = () => givenProcess(t, 'reservation-service/main.ts', sellerUrl, sellerEnv)

  const bankUrl = `http://127.105.${net}.9:8080`
  const directory = await mkdtemp(join(tmpdir(), 'bank-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const bankEnv = { BANK_COMMERCE_CODE: COMMERCE_CODE, BANK_API_KEY: API_KEY, DATA_DIRECTORY: directory }
  const startBank = () => givenProcess(t, 'cluster/stand-ins/bank.main.ts', bankUrl, bankEnv)
  const wire = await givenWire(t, `127.105.${net}.8`, bankUrl)

  const billingUrls = [`http://127.105.${net}.51:3000`, `http://127.105.${net}.52:3000`] as const // nobody listens there unless a test does
  const documents = readDocuments(...billingUrls, TOKEN, log)
  const relayUrl = `http://127.105.${net}.31:3000`
  const kit: Kit = {
    log,
    pool: () => pool,
    patiently: openPatience({ answerMsMax: 5_000, commandsMax: 1_000 }),
    seller: peer(sellerUrl, TOKEN, 3_000),
    relay: peer(relayUrl, TOKEN, 1_000),
    bank: webpay(wire.url, COMMERCE_CODE, API_KEY, RETURN_URL),
    documents,
    documentedSecondsMax: 300
  }
  const purchases = mover(kit)
  const app = await createApi(log, { kit, mover: purchases, token: TOKEN, linkSecret: TOKEN, channel: () => settings.channel })
  t.teardown(async () => {
    await purchases.settled()
    await app.close()
    documents.close()
    await Promise.all([pool.end(), owner.end()])
  })

  async function ask(method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, body?: unknown) {
    const answer = await app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) })
    })
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
  }

  /** What orchestrator/main.ts needs to stand where this one does. */
  const env = {
    POSTGRES_NODES: `${node}?options=-c%20role%3Dpurchase`,
    RESERVATION_URLS: sellerUrl,
    ORCHESTRATOR_TO_RESERVATION_TOKEN: TOKEN,
    BILLING_PRIMARY_URL: billingUrls[0],
    BILLING_REPLICA_URL: billingUrls[1],
    ORCHESTRATOR_TO_BILLING_TOKEN: TOKEN,
    RELAY_URL: relayUrl,
    ORCHESTRATOR_TO_RELAY_TOKEN: TOKEN,
    PORTAL_TO_ORCHESTRATOR_TOKEN: TOKEN,
    BANK_URL: wire.url,
    BANK_COMMERCE_CODE: COMMERCE_CODE,
    BANK_API_KEY: API_KEY,
    PUBLIC_URL: new URL(RETURN_URL).origin,
    LINK_SECRET: TOKEN
  }

  /** Holds the next free seats of a show (1 costs, 2 is free, 3 has rules). */
  let nextSeat = 1
  async function hold(seats = 1, showId = 1): Promise<string> {
    const [purchaseId, seatNos] = [randomUUID(), Array.from({ length: seats }, () => nextSeat++)]
    const { status } = await ask('PUT', `/purchases/${purchaseId}`, { showId, seatNos, places: [] })
    if (status !== 200) throw new Error(`not held: ${status}`)
    return purchaseId
  }

  const pay = (purchaseId: string, buyer: object = {}) =>
    ask('PUT', `/purchases/${purchaseId}/payment`, {
      buyer: { name: 'Ana Soto', email: 'ana@example.cl', ...buyer },
      language: 'es',
      consent: { terms: 't1', privacy: 'p1' }
    })

  const comeBack = (fields: Record<string, string>) => ask('POST', '/payments/return', fields)

  /** One pass of the loop over this purchase, as if its time had come and nobody held it. */
  async function resume(purchaseId: string): Promise<string> {
    await owner.query('update purchase.purchases set due_at = now(), leased_until = null where purchase_id = $1', [purchaseId])
    await purchases.moveDueOnce()
    await purchases.lookForDocumentsOnce()
    return (await ask('GET', `/purchases/${purchaseId}`)).body.state
  }

  /** As if its hold had run out and somebody else had the seats. */
  async function sellSeatsOf(purchaseId: string): Promise<void> {
    const { rows } = await owner.query<{ seat_no: number }>('select seat_no from selling.seats where holder_id = $1', [purchaseId])
    await owner.query("update selling.seats set held_until = now() - interval '1 minute' where holder_id = $1", [purchaseId])
    await owner.query("update selling.holds set held_until = now() - interval '1 minute' where hold_id = $1", [purchaseId])
    const choice = { showId: 1, seatNos: rows.map((row) => row.seat_no), places: [] }
    const { status } = await ask('PUT', `/purchases/${randomUUID()}`, choice)
    if (status !== 200) throw new Error('the seats were not free')
  }

  async function orders(purchaseId: string): Promise<number> {
    const { rows } = await owner.query("select from selling.orders where order_id = $1 and state = 'made'", [purchaseId])
    return rows.length
  }

  return {
    node,
    owner,
    kit,
    purchases,
    app,
    ask,
    hold,
    pay,
    comeBack,
    resume,
    sellSeatsOf,
    orders,
    startSeller,
    startBank,
    sellerUrl,
    bankUrl,
    billingUrls,
    relayUrl,
    wire,
    env
  }
}
