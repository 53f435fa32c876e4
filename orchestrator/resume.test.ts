import { randomUUID } from 'node:crypto'
import t from 'tap'
import { unknownOutcome } from '../chassis/errors.ts'
import type { Patience } from '../chassis/patience.ts'
import { transaction } from '../chassis/postgres.ts'
import { endProcess, eventually, givenProcess, TOKEN } from './given.ts'
import { atBank } from './given-bank.ts'
import { givenShop } from './given-shop.ts'
import { type Kit, store } from './kit.ts'
import { renewLease, takeLease } from './lease.ts'
import { mover } from './mover.ts'
import { findPurchase } from './purchases.ts'
import { takeReturn } from './take-return.ts'

const shop = await givenShop(t, 6)
let [seller] = await Promise.all([shop.startSeller(), shop.startBank()])
const { hold, pay, comeBack, ask, resume, wire } = shop
t.afterEach(() => wire.mend())

t.test('a commit whose answer was lost is asked about, and not sent again', async (t) => {
  const { id, back } = await givenApproved()
  const before = commits()
  wire.trouble('lose', 'PUT')

  t.match((await comeBack(back)).body, { state: 'ordered', payment: { outcome: 'authorized' } })

  t.equal(commits() - before, 1)
  t.equal(await shop.orders(id), 1)
})

t.test('a bank that fell silent after the commit is asked until it speaks, and the commit is sent once', async (t) => {
  const { id, back } = await givenApproved()
  const before = commits()
  wire.trouble('lose', 'PUT')
  wire.trouble('cut', 'GET')

  t.match((await comeBack(back)).body, { state: 'paying', payment: { outcome: 'committing' } })
  t.equal(await resume(id), 'paying')
  wire.mend()

  t.equal(await resume(id), 'ordered')
  t.match((await comeBack(back)).body, { state: 'ordered' })
  t.equal(commits() - before, 1)
})

t.test('a commit that never reached the bank is sent again once the bank has said so', async (t) => {
  const { id, back } = await givenApproved()
  wire.trouble('cut', 'PUT', 'GET')
  t.match((await comeBack(back)).body, { state: 'paying' })
  wire.mend()

  t.equal(await resume(id), 'ordered')
})

t.test('a crash before the commit, and one after it, end in one order', async (t) => {
  for (const committed of [false, true]) {
    const { id, back } = await givenApproved()
    await shop.owner.query("update purchase.payments set state = 'committing' where purchase_id = $1", [id])
    if (committed) await shop.kit.bank.commit(back.token_ws ?? '')

    t.equal(await resume(id), 'ordered')

    t.equal(await shop.orders(id), 1)
  }
})

t.test('money that the bank says it took is believed, whatever we had noted', async (t) => {
  const { id, back } = await givenApproved()
  await shop.kit.bank.commit(back.token_ws ?? '')

  t.equal(await resume(id), 'ordered')
})

t.test('a paid purchase is ordered when the seller is back, and one that was ordered unheard is the same order', async (t) => {
  const [first, second] = [await givenApproved(), await givenApproved()]
  await endProcess(seller)
  for (const { back } of [first, second]) t.match((await comeBack(back)).body, { state: 'paid' })
  seller = await shop.startSeller()
  const body = { holdId: second.id, buyer: { name: 'Ana Soto', email: 'ana@example.cl' }, language: 'es', totalClp: 11_500 }
  const { code } = await shop.kit.seller.call<{ code: string }>('PUT', `/orders/${second.id}`, body)

  t.equal(await resume(first.id), 'ordered')
  t.equal(await resume(second.id), 'ordered')

  t.equal((await ask('GET', `/purchases/${second.id}`)).body.code, code)
  t.strictSame([await shop.orders(first.id), await shop.orders(second.id)], [1, 1])
})

t.test('a payment that comes when its seats are gone goes back, and no order can stand behind the refund', async (t) => {
  const { id, back } = await givenApproved()
  await shop.sellSeatsOf(id)

  const { body } = await comeBack(back)

  t.match(body, { state: 'refunded', refusal: { code: 'SEAT_TAKEN' }, payment: { outcome: 'refunded' } })
  t.equal((await shop.kit.bank.status(back.token_ws ?? '')).state, 'refunded')
  t.equal(await shop.orders(id), 0)
  const { rows } = await shop.owner.query('select state from selling.orders where order_id = $1', [id])
  t.strictSame(rows, [{ state: 'void' }])
  t.match((await comeBack(back)).body, { state: 'refunded' })
})

t.test('a step that takes long keeps its lease, and gives it back at its end', async (t) => {
  const [id, owner] = [await shop.hold(), randomUUID()]
  const purchase = await store(shop.kit, (tx) => findPurchase(tx, id))
  const { promise: ended, resolve: end } = Promise.withResolvers<null>()
  const lasts = async (than: string) => {
    const { rows } = await shop.owner.query(
      `select leased_until > now() + interval '${than}' as so from purchase.purchases where purchase_id = $1`,
      [id]
    )
    return rows[0].so
  }
  await shop.owner.query("update purchase.purchases set leased_until = now() + interval '6 s', leased_by = $2 where purchase_id = $1", [
    id,
    owner
  ])

  const moved = shop.purchases.carryOn(purchase, owner, () => ended)

  await eventually(() => lasts('7 s'))
  end(null)
  await Promise.all([moved, shop.purchases.settled()])
  t.equal(await lasts('0 s'), null)
})

t.test('a lease is found again by the owner that took it, and taken, renewed or given back by no other', async (t) => {
  const [id, owner, another] = [await hold(), randomUUID(), randomUUID()]
  const take = (by: string) => transaction(shop.kit.pool(), (tx) => takeLease(tx, id, by))
  const renew = (by: string) => transaction(shop.kit.pool(), (tx) => renewLease(tx, id, by))
  const runOut = () => shop.owner.query("update purchase.purchases set leased_until = now() - interval '1 s' where purchase_id = $1", [id])
  const purchase = await store(shop.kit, (tx) => findPurchase(tx, id))

  t.strictSame([await take(owner), await take(owner), await take(another)], [true, true, false])
  await runOut()
  t.equal(await renew(another), false, 'what is not its own it does not prolong')
  t.equal(await take(another), true)

  t.strictSame([await take(owner), await renew(owner), await renew(another)], [false, false, true])
  await shop.purchases.carryOn(purchase, owner, async () => null)
  t.equal(await take(randomUUID()), false, 'whoever came too late gives back nothing')
  await shop.purchases.carryOn(purchase, another, async () => 600)
  t.equal(await renew(another), false)
  t.equal(await take(owner), true)
  await shop.purchases.carryOn(purchase, owner, async () => 600)
})

t.test(
  'with every commit of unknown fate once, a return is answered with the order, the loop moves what is due, and no lease stays',
  async (t) => {
    const kit = { ...shop.kit, patiently: forgetful(shop.kit) }
    const purchases = mover(kit)
    const [first, second] = [await givenApproved(), await givenApproved()]
    const before = commits()

    t.match(await takeReturn(kit, purchases, first.back), { state: 'ordered' })
    t.equal(commits() - before, 1)
    t.match(await takeReturn(kit, purchases, first.back), { state: 'ordered' })

    await kit.bank.commit(second.back.token_ws ?? '')
    await shop.owner.query('update purchase.purchases set due_at = now() where purchase_id = $1', [second.id])
    t.equal(await purchases.moveDueOnce(), 1)
    t.match(await purchases.moveOn(second.id), { state: 'ordered' })
    await purchases.settled()
    const { rows } = await shop.owner.query('select leased_until, leased_by from purchase.purchases where purchase_id = any($1)', [
      [first.id, second.id]
    ])
    t.strictSame(rows, Array(2).fill({ leased_until: null, leased_by: null }))
  }
)

t.test('a refund whose answer was lost is asked about, and not sent again', async (t) => {
  const { id, back } = await givenApproved()
  await shop.sellSeatsOf(id)
  wire.trouble('lose', 'POST')
  t.match((await comeBack(back)).body, { state: 'refunding' })
  const sent = () => wire.calls.filter((call) => call.startsWith('POST') && call.endsWith('/refunds')).length
  const before = sent()
  wire.mend()

  t.equal(await resume(id), 'refunded')

  t.equal(sent(), before)
})

t.test('a refund finds an order after all, and then it is that order', async (t) => {
  const { id, back } = await givenApproved()
  t.match((await comeBack(back)).body, { state: 'ordered' })
  await shop.owner.query("update purchase.purchases set state = 'refunding', order_code = null where purchase_id = $1", [id])

  t.equal(await resume(id), 'ordered')

  t.match((await ask('GET', `/purchases/${id}`)).body, { code: /.+/, payment: { outcome: 'authorized' } })
})

t.test('money that came beside a payment already kept goes back, and the order stays', async (t) => {
  const { id, back } = await givenApproved()
  await comeBack(back)
  const beside = await shop.kit.bank.create({ buyOrder: `x${Date.now()}`, sessionId: id, amountClp: 11_500 })
  await atBank(beside, 'approve')
  await shop.kit.bank.commit(beside.token)
  await shop.owner.query(
    `insert into purchase.payments (token, purchase_id, buy_order, provider, amount_clp, url, state)
     values ($1, $2, $1, 'webpay', 11500, '', 'refunding')`,
    [beside.token, id]
  )

  t.equal(await resume(id), 'ordered')

  t.equal((await shop.kit.bank.status(beside.token)).state, 'refunded')
  t.equal((await shop.kit.bank.status(back.token_ws ?? '')).state, 'authorized')
})

t.test('a buyer who never came back is waited for as long as the bank waits, and then the seats are free', async (t) => {
  const id = await hold()
  await pay(id)
  await shop.owner.query("update purchase.purchases set held_until = now() - interval '1 minute' where purchase_id = $1", [id])
  t.equal(await resume(id), 'paying')

  await shop.owner.query("update purchase.payments set started_at = started_at - interval '12 minutes' where purchase_id = $1", [id])

  t.equal(await resume(id), 'expired')
  const { rows } = await shop.owner.query('select from selling.seats where holder_id = $1', [id])
  t.equal(rows.length, 0)
})

t.test('a purchase that stands still is looked at less and less often, and never by two at once', async (t) => {
  const { id, back } = await givenApproved()
  wire.trouble('cut', 'PUT', 'GET')
  await comeBack(back)
  const waits: number[] = []
  for (let i = 0; i < 4; i++) {
    await resume(id)
    const { rows } = await shop.owner.query(
      'select extract(epoch from due_at - now())::float8 as wait from purchase.purchases where purchase_id = $1',
      [id]
    )
    waits.push(Math.round(rows[0].wait))
  }

  t.ok(
    waits.every((wait, i) => wait > (waits[i - 1] ?? 0)),
    waits.join()
  )
  await shop.owner.query(
    "update purchase.purchases set due_at = now(), leased_until = now() + interval '1 minute' where purchase_id = $1",
    [id]
  )
  t.equal(await shop.purchases.moveDueOnce(), 0, 'somebody else has it')
})

t.test('the process moves on what another one left, and serves the same doors', async (t) => {
  const { id } = await givenApproved()
  await shop.owner.query("update purchase.payments set state = 'committing' where purchase_id = $1", [id])
  await shop.owner.query('update purchase.purchases set due_at = now() where purchase_id = $1', [id])
  const url = 'http://127.105.6.3:3000'

  await givenProcess(t, 'orchestrator/main.ts', url, { ...shop.env, BROKER_URL: process.env.TEST_BROKER_URL ?? '', RESUME_MS: '200' })

  const read = async () => (await fetch(`${url}/purchases/${id}`, { headers: { authorization: `Bearer ${TOKEN}` } })).json()
  t.match(await eventually(async () => ((await read()) as { state: string }).state === 'ordered' && read()), { code: /.+/ })
  t.ok((await fetch(`${url}/readyz`)).ok)
})

/** A purchase whose buyer has approved its payment at the bank, and has not come back yet. */
async function givenApproved() {
  const id = await hold()
  const back = await atBank((await pay(id)).body.redirect, 'approve')
  return { id, back }
}

function commits(): number {
  return wire.calls.filter((call) => call.startsWith('PUT')).length
}

/** The answer to the first commit of every command is lost. */
function forgetful({ patiently }: Kit): Patience {
  return (command, sinceMs) => {
    let lost = false
    return patiently(async () => {
      const answer = await command()
      if (lost) return answer
      lost = true
      throw unknownOutcome(new Error('no answer'))
    }, sinceMs)
  }
}
