import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { CrashPoint } from '../chassis/crash-point.ts'
import { givenProcess, TOKEN } from './given.ts'
import { atBank } from './given-bank.ts'
import { givenShop } from './given-shop.ts'

const URL_OF_ONE = 'http://127.105.14.3:3000'
const shop = await givenShop(t, 14)
await Promise.all([shop.startSeller(), shop.startBank()])
const crashes = join(t.testdir({ crashes: '' }), 'crashes')
const env = { ...shop.env, BROKER_URL: process.env.TEST_BROKER_URL ?? '', CRASH_POINTS_FILE: crashes }
let nextSeat = 100

const PAYMENT = {
  buyer: { name: 'Ana Soto', email: 'ana@example.cl' },
  language: 'es',
  consent: { terms: 't1', privacy: 'p1' }
}

/** Where an orchestrator dies on the way to an order, and in what the seller or the bank then knows more than it wrote down. */
const TO_AN_ORDER: CrashPoint[] = [
  'purchase-wished',
  'purchase-hold-given',
  'purchase-hold-stored',
  'purchase-extended',
  'purchase-bound',
  'purchase-payment-begun',
  'purchase-payment-stored',
  'purchase-committing',
  'purchase-captured',
  'purchase-paid',
  'purchase-order-made',
  'purchase-order-stored'
]
const TO_A_REFUND: CrashPoint[] = [
  'purchase-order-refused',
  'purchase-voided',
  'purchase-refund-noted',
  'purchase-refund-sent',
  'purchase-refund-stored'
]

for (const place of TO_AN_ORDER) {
  t.test(`an orchestrator that dies at ${place} leaves a purchase that ends in one order and one payment`, async (t) => {
    const { id, ask, died } = await givenBuyer(t, place)
    await ask('PUT', `/purchases/${id}`, choice())
    await ask('PUT', `/purchases/${id}/extension`)
    const { redirect } = await ask('PUT', `/purchases/${id}/payment`, PAYMENT)
    const back = await atBank(redirect, 'approve')

    await ask('POST', '/payments/return', back)

    t.ok(died(), 'it died there')
    t.equal(await shop.resume(id), 'ordered')
    t.equal(await shop.orders(id), 1)
    t.strictSame(await statesAtBank(id), ['AUTHORIZED'])
  })
}

for (const place of TO_A_REFUND) {
  t.test(`an orchestrator that dies at ${place} leaves a purchase whose money goes back, once`, async (t) => {
    const { id, ask, died } = await givenBuyer(t, place)
    await ask('PUT', `/purchases/${id}`, choice())
    const { redirect } = await ask('PUT', `/purchases/${id}/payment`, PAYMENT)
    const back = await atBank(redirect, 'approve')
    await shop.sellSeatsOf(id)

    await ask('POST', '/payments/return', back)

    t.ok(died(), 'it died there')
    t.equal(await shop.resume(id), 'refunded')
    t.equal(await shop.orders(id), 0)
    t.strictSame(await statesAtBank(id), ['REVERSED'])
  })
}

t.test('an orchestrator that dies before it told the seller what was let go leaves no seat held', async (t) => {
  const { id, ask, died } = await givenBuyer(t, 'purchase-released')
  await ask('PUT', `/purchases/${id}`, choice())

  await ask('DELETE', `/purchases/${id}`)

  t.ok(died(), 'it died there')
  t.equal(await shop.resume(id), 'released')
  const { rows } = await shop.owner.query("select from selling.seats where holder_id = $1 and state = 'held'", [id])
  t.equal(rows.length, 0)
})

/** Somebody who asks one orchestrator, and once it has died the other one, as the portal does. */
async function givenBuyer(t: Parameters<typeof givenProcess>[0], place: CrashPoint) {
  const id = randomUUID()
  writeFileSync(crashes, place)
  const one = await givenProcess(t, 'orchestrator/main.ts', URL_OF_ONE, env)

  return { id, ask, died: () => one.signalCode === 'SIGKILL' && readFileSync(crashes, 'utf8') === '' }

  async function ask(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) {
    const response = await fetch(`${URL_OF_ONE}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    }).catch(() => undefined)
    if (response) return response.json()
    await shop.owner.query('update purchase.purchases set leased_until = null where purchase_id = $1', [id]) // as if its time were over
    return (await shop.ask(method, path, body)).body
  }
}

function choice() {
  return { showId: 1, seatNos: [nextSeat++], places: [] }
}

/** What the bank says of every payment of a purchase that was decided. */
async function statesAtBank(purchaseId: string): Promise<string[]> {
  const transactions = (await (await fetch(`${shop.bankUrl}/api/transactions`)).json()) as Array<Record<'session_id' | 'status', string>>
  return transactions.filter(({ session_id, status }) => session_id === purchaseId && status !== 'INITIALIZED').map(({ status }) => status)
}
