import { randomUUID } from 'node:crypto'
import t from 'tap'
import { expireHold } from './end-hold.ts'
import { endProcess } from './given.ts'
import { atBank } from './given-bank.ts'
import { givenShop } from './given-shop.ts'
import { store } from './kit.ts'
import { findPurchase } from './purchases.ts'

const HOLD_MS = 600_000
const SLACK_MS = 60_000
const shop = await givenShop(t, 11)
let [seller] = await Promise.all([shop.startSeller(), shop.startBank()])
const { ask, hold, pay } = shop

t.test('a hold is extended once: ten requests at once and a late one get the same answer', async (t) => {
  const id = await givenAlmostOver()
  const before = (await ask('GET', `/purchases/${id}`)).body
  t.match(before, { state: 'held', extendable: true })

  const answers = await Promise.all(Array.from({ length: 10 }, () => extend(id)))

  const { body: extended } = answers[0]!
  t.equal(extended.state, 'held')
  t.ok(Date.parse(extended.heldUntil) - Date.parse(extended.now) > HOLD_MS - SLACK_MS)
  t.notOk('extendable' in extended)
  for (const { status, body } of [...answers, await extend(id)])
    t.strictSame([status, { ...body, now: '' }], [200, { ...extended, now: '' }])
  t.strictSame(await ends(id), [extended.heldUntil], 'what the seller holds them for')
})

t.test('what was extended is looked at when its new time is over, and not before', async (t) => {
  const id = await givenAlmostOver()

  const { heldUntil } = (await extend(id)).body

  const { rows } = await shop.owner.query('select due_at from purchase.purchases where purchase_id = $1', [id])
  t.ok(rows[0].due_at.getTime() > Date.parse(heldUntil))
  t.equal(await shop.resume(id), 'held')
})

t.test('who is about to end a hold and finds it extended leaves it', async (t) => {
  const id = await hold()
  await shop.owner.query("update purchase.purchases set held_until = now() - interval '1 second' where purchase_id = $1", [id])
  const over = await store(shop.kit, (tx) => findPurchase(tx, id))
  await extend(id)

  t.equal(await expireHold(shop.kit, over), 'moved')

  t.match((await ask('GET', `/purchases/${id}`)).body, { state: 'held' })
})

t.test('a buyer at the bank gets more time too, and comes back in it', async (t) => {
  const id = await givenAlmostOver()
  const { redirect } = (await pay(id)).body
  const dueBefore = await dueOf(id)

  const { body } = await extend(id)

  t.match(body, { state: 'paying' })
  t.ok(Date.parse(body.heldUntil) - Date.parse(body.now) > HOLD_MS - SLACK_MS)
  t.equal(await dueOf(id), dueBefore, 'the bank is asked when it would have been')
  t.equal((await pay(id)).body.redirect.token, redirect.token)
  t.match((await shop.comeBack(await atBank(redirect, 'approve'))).body, { state: 'ordered' })
  t.match(await extend(id), { status: 200, body: { state: 'ordered' } }, 'a repeat is no new request')
})

t.test('a hold that ran out is extended while nobody has taken its seats, and not after', async (t) => {
  const [free, taken] = [await hold(), await hold()]
  await shop.sellSeatsOf(taken)
  for (const id of [free, taken]) {
    await shop.owner.query("update purchase.purchases set held_until = now() - interval '1 second' where purchase_id = $1", [id])
    await shop.owner.query("update selling.seats set held_until = now() - interval '1 second' where holder_id = $1", [id])
  }

  t.match(await extend(free), { status: 200, body: { state: 'held' } })
  t.match(await extend(taken), { status: 409, body: { code: 'HOLD_GONE' } })

  t.match(await pay(free), { status: 200, body: { redirect: { token: /.+/ } } })
  t.match((await ask('GET', `/purchases/${taken}`)).body, { state: 'held' }, 'nothing was changed')
  t.equal(await shop.resume(taken), 'expired')
})

t.test('what the seller says of a hold that it released or sold is told as it is', async (t) => {
  const [released, sold] = [await hold(), await hold()]
  await shop.kit.seller.call('DELETE', `/holds/${released}`)
  const order = { holdId: sold, buyer: { name: 'Ana Soto', email: 'ana@example.cl' }, language: 'es', totalClp: 11_500 }
  await shop.kit.seller.call('PUT', `/orders/${randomUUID()}`, order)

  t.match(await extend(released), { status: 410, body: { code: 'HOLD_RELEASED' } })
  t.match(await extend(sold), { status: 409, body: { code: 'HOLD_SOLD' } })
})

t.test('an extension that was not heard of is asked for again, and is the same one', async (t) => {
  const [never, unheard] = [await givenAlmostOver(), await givenAlmostOver()]
  const { heldUntil } = await shop.kit.seller.call<{ heldUntil: string }>('PUT', `/holds/${unheard}/extension`)
  await endProcess(seller)
  t.match(await extend(never), { status: 503, headers: { 'retry-after': '1' } })
  t.match((await ask('GET', `/purchases/${never}`)).body, { state: 'held', extendable: true })
  seller = await shop.startSeller()

  t.match(await extend(never), { status: 200 })
  t.match(await extend(unheard), { status: 200, body: { heldUntil } })
})

t.test('what has ended, is paid, or is being decided by the bank is not extended', async (t) => {
  const [deciding, released, expired, paid] = [await hold(), await hold(), await givenAlmostOver(), await hold(1, 2)]
  const { redirect } = (await pay(deciding)).body
  await shop.owner.query("update purchase.payments set state = 'committing' where token = $1", [redirect.token])
  await ask('DELETE', `/purchases/${released}`)
  await shop.owner.query("update purchase.purchases set held_until = now() - interval '1 second' where purchase_id = $1", [expired])
  await shop.resume(expired)
  await pay(paid)

  for (const [id, status, code] of [
    [deciding, 409, 'PAYMENT_BUSY'],
    [released, 409, 'PURCHASE_OVER'],
    [expired, 409, 'HOLD_EXPIRED'],
    [paid, 409, 'PURCHASE_PAID'],
    [randomUUID(), 404, 'PURCHASE_UNKNOWN']
  ] as const) {
    t.match(await extend(id), { status, body: { code } }, code)
    t.notOk('extendable' in (await ask('GET', `/purchases/${id}`)).body)
  }
})

function extend(id: string) {
  return ask('PUT', `/purchases/${id}/extension`)
}

/** As if it had been held nine minutes ago. */
async function givenAlmostOver(): Promise<string> {
  const id = await hold()
  await shop.owner.query("update purchase.purchases set held_until = now() + interval '1 minute' where purchase_id = $1", [id])
  await shop.owner.query("update selling.holds set held_until = now() + interval '1 minute' where hold_id = $1", [id])
  await shop.owner.query("update selling.seats set held_until = now() + interval '1 minute' where holder_id = $1", [id])
  return id
}

async function dueOf(id: string): Promise<number> {
  const { rows } = await shop.owner.query('select due_at from purchase.purchases where purchase_id = $1', [id])
  return rows[0].due_at.getTime()
}

/** When the seats are free again, at the seller. */
async function ends(id: string): Promise<string[]> {
  const { rows } = await shop.owner.query('select distinct held_until from selling.seats where holder_id = $1', [id])
  return rows.map((row) => row.held_until.toISOString())
}
