import { randomUUID } from 'node:crypto'
import t from 'tap'
import { endProcess } from './given.ts'
import { atBank } from './given-bank.ts'
import { givenShop } from './given-shop.ts'

const [FREE, RULES] = [2, 3]
const PER_BUYER_MAX = 4
const shop = await givenShop(t, 12)
await shop.owner.query('update selling.shows set tickets_per_buyer_max = 1 where show_id = $1', [FREE])
let [seller] = await Promise.all([shop.startSeller(), shop.startBank()])
const { ask, hold, pay, comeBack } = shop

t.test(
  'a buyer over the limit is told before any payment exists; the purchase stays held, for another buyer or to be let go',
  async (t) => {
    const [first, second, third] = [await hold(PER_BUYER_MAX, RULES), await hold(2, RULES), await hold(2, RULES)]
    await pay(first, { email: 'ana@example.cl' })
    const { length: calls } = shop.wire.calls

    for (const id of [second, third]) {
      const refused = await pay(id, { email: 'Ana+otra@example.cl' })
      t.match(refused, { status: 409, body: { code: 'BUYER_LIMIT', params: { max: PER_BUYER_MAX, has: PER_BUYER_MAX } } })
      t.match((await ask('GET', `/purchases/${id}`)).body, { state: 'held', buyer: undefined, payment: undefined })
      t.strictSame(await paymentsOf(id), [])
    }

    t.equal(shop.wire.calls.length, calls, 'the bank was not called')
    t.match(await pay(second, { email: 'eva@example.cl' }), { status: 200, body: { redirect: { token: /.+/ } } })
    t.match(await ask('DELETE', `/purchases/${third}`), { status: 200, body: { state: 'released' } })
  }
)

t.test('the limit counts for what costs nothing, too', async (t) => {
  const [first, second] = [await hold(1, FREE), await hold(1, FREE)]

  t.match((await pay(first, { email: 'iris@example.cl' })).body, { purchase: { state: 'ordered' } })
  t.match(await pay(second, { email: 'iris@example.cl' }), { status: 409, body: { code: 'BUYER_LIMIT' } })

  t.match((await ask('GET', `/purchases/${second}`)).body, { state: 'held' })
  t.strictSame(await paymentsOf(second), [])
})

t.test('who went over the limit while they paid gets the money back and no order', async (t) => {
  const [id, email] = [await hold(2, RULES), 'luz@example.cl']
  const back = await atBank((await pay(id, { email })).body.redirect, 'approve')
  const elsewhere = { showId: RULES, best: { quantity: PER_BUYER_MAX }, buyer: { name: 'Luz Paz', email }, language: 'es' }
  await shop.kit.seller.call('PUT', `/sales/${randomUUID()}`, elsewhere)

  const { body } = await comeBack(back)

  t.match(body, { state: 'refunded', refusal: { code: 'BUYER_LIMIT', params: { max: PER_BUYER_MAX } }, payment: { outcome: 'refunded' } })
  t.equal((await shop.kit.bank.status(back.token_ws ?? '')).state, 'refunded')
  t.equal(await shop.orders(id), 0)
})

t.test('while the seller cannot say whether a buyer may, nobody is sent to pay; who has paid is told so', async (t) => {
  const [asking, paid] = [await hold(1, RULES), await hold(1, FREE)]
  await pay(paid, { email: 'sol@example.cl' })
  await endProcess(seller)

  t.match(await pay(asking, { email: 'sol@example.cl' }), { status: 503, headers: { 'retry-after': '1' } })
  t.match(await pay(paid, { email: 'sol@example.cl' }), { status: 200, body: { purchase: { state: 'ordered' } } })

  t.strictSame(await paymentsOf(asking), [])
  seller = await shop.startSeller()
  t.match(await pay(asking, { email: 'sol@example.cl' }), { status: 200, body: { redirect: { token: /.+/ } } })
})

async function paymentsOf(id: string): Promise<unknown[]> {
  return (await shop.owner.query('select token from purchase.payments where purchase_id = $1', [id])).rows
}
