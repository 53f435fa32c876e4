import t from 'tap'
import { atBank } from './given-bank.ts'
import { givenShop } from './given-shop.ts'

const shop = await givenShop(t, 5)
await Promise.all([shop.startSeller(), shop.startBank()])
const { hold, pay, comeBack, ask } = shop

t.test('an approved payment becomes an order, and coming back again, in any way, changes nothing and is answered the same', async (t) => {
  const id = await hold(2)
  const { body: started } = await pay(id, { name: '  Ana   Soto ', rut: '12345678-5' })
  t.match(started, { purchase: { state: 'paying', buyer: { name: 'Ana Soto' } }, redirect: { token: /.+/, url: /^http/ } })

  const back = await atBank(started.redirect, 'approve')
  const { status, body: bought } = await comeBack(back)

  t.equal(status, 200)
  t.match(bought, {
    purchaseId: id,
    state: 'ordered',
    code: /^\w+$/,
    totalClp: 23_000,
    payment: { provider: 'webpay', outcome: 'authorized' }
  })
  const again = [
    await comeBack(back),
    await comeBack({ TBK_TOKEN: started.redirect.token }),
    ...(await Promise.all([comeBack(back), comeBack(back)]))
  ]
  for (const { body } of again) t.strictSame({ ...body, now: '' }, { ...bought, now: '' })
  t.match((await pay(id)).body, { purchase: { state: 'ordered' }, redirect: undefined })
  t.match(await ordersOf(id), [{ state: 'made', buyer_rut: '12345678-5' }])
  const { rows } = await shop.owner.query(
    "select consent, (consent->>'at')::timestamp > now() at time zone 'utc' - interval '1 minute' as fresh from purchase.purchases where purchase_id = $1",
    [id]
  )
  t.match(rows[0], { consent: { terms: 't1', privacy: 'p1' }, fresh: true })
})

t.test('a rejected payment leaves the hold, and the buyer may try again', async (t) => {
  const id = await hold()
  const first = (await pay(id)).body.redirect

  const rejected = await comeBack(await atBank(first, 'reject'))

  t.match(rejected.body, { state: 'held', payment: { outcome: 'rejected' } })
  const second = (await pay(id)).body.redirect
  t.not(second.token, first.token)
  t.match((await comeBack(await atBank(second, 'approve'))).body, { state: 'ordered' })
  t.match((await comeBack({ token_ws: first.token })).body, { state: 'ordered' }, 'the rejected one comes back late')
})

t.test('a buyer who gave up, or let the bank’s page run out, holds the seats still, and that payment can never be committed', async (t) => {
  for (const abandon of ['abandon', 'run out']) {
    const id = await hold()
    const { token, url } = (await pay(id)).body.redirect
    const back =
      abandon === 'abandon' ? await atBank({ token, url }, 'abandon') : { TBK_ORDEN_COMPRA: await buyOrderOf(token), TBK_ID_SESION: id }

    t.match((await comeBack(back)).body, { state: 'held', payment: { outcome: 'abandoned' } })

    const { length: commits } = shop.wire.calls.filter((call) => call.startsWith('PUT'))
    t.match((await comeBack({ token_ws: token })).body, { state: 'held' })
    t.equal(shop.wire.calls.filter((call) => call.startsWith('PUT')).length, commits)
    t.not((await pay(id)).body.redirect.token, token)
  }
})

t.test('the number of an order is no secret, and does not stand in for the token of its payment', async (t) => {
  const id = await hold()
  const { token } = (await pay(id)).body.redirect
  const buyOrder = await buyOrderOf(token)

  for (const back of [{ token_ws: buyOrder }, { TBK_TOKEN: buyOrder }]) {
    t.match((await comeBack(back)).body, { code: 'PAYMENT_UNKNOWN' })
  }

  t.equal((await pay(id)).body.redirect.token, token, 'the payment stands')
})

t.test('ten clicks on «pay» start one payment', async (t) => {
  const id = await hold()

  const answers = await Promise.all(Array.from({ length: 10 }, () => pay(id)))

  t.equal(new Set(answers.map(({ body }) => body.redirect.token)).size, 1)
  t.match((await comeBack(await atBank(answers[3]?.body.redirect, 'approve'))).body, { state: 'ordered' })
})

t.test('two tabs that both pay are charged once: the second payment is never committed', async (t) => {
  const id = await hold()
  const first = (await pay(id)).body.redirect
  await shop.owner.query("update purchase.payments set started_at = started_at - interval '6 minutes' where token = $1", [first.token])
  const second = (await pay(id)).body.redirect
  t.not(second.token, first.token)
  const backs = [await atBank(first, 'approve'), await atBank(second, 'approve')]

  const answers = await Promise.all(backs.map(comeBack))

  t.ok(answers.every(({ status }) => status === 200))
  t.match((await ask('GET', `/purchases/${id}`)).body, { state: 'ordered' })
  const states = await Promise.all([first, second].map(async ({ token }) => (await shop.kit.bank.status(token)).state))
  t.strictSame(states.toSorted(), ['authorized', 'open'])
  t.equal((await ordersOf(id)).length, 1)
})

t.test('what costs nothing is ordered without a bank', async (t) => {
  const id = await hold(1, 2)

  const { body } = await pay(id)

  t.match(body, { purchase: { state: 'ordered', totalClp: 0, payment: { provider: 'free', outcome: 'authorized' } }, redirect: undefined })
  t.match((await pay(id)).body, { purchase: { state: 'ordered' } })
  t.equal((await ordersOf(id)).length, 1)
})

t.test('a purchase released while its buyer is at the bank is never charged', async (t) => {
  const id = await hold()
  const { redirect } = (await pay(id)).body
  const back = await atBank(redirect, 'approve')

  t.match((await ask('DELETE', `/purchases/${id}`)).body, { state: 'released' })

  t.match((await comeBack(back)).body, { state: 'released' })
  t.equal((await shop.kit.bank.status(redirect.token)).state, 'open')
  t.match(await pay(id), { status: 409, body: { code: 'PURCHASE_OVER', params: { state: 'released' } } })
})

t.test('what is paid, or being decided by the bank, is not released', async (t) => {
  const id = await hold()
  const { redirect } = (await pay(id)).body
  await shop.owner.query("update purchase.payments set state = 'committing' where token = $1", [redirect.token])
  t.match(await ask('DELETE', `/purchases/${id}`), { status: 409, body: { code: 'PAYMENT_BUSY' } })

  await shop.owner.query("update purchase.payments set state = 'started' where token = $1", [redirect.token])
  await comeBack(await atBank(redirect, 'approve'))

  t.match(await ask('DELETE', `/purchases/${id}`), { status: 409, body: { code: 'PURCHASE_PAID' } })
  t.match((await ask('GET', `/purchases/${id}`)).body, { state: 'ordered' })
})

t.test('nobody begins to pay for a hold that has run out, and who began before may still come through', async (t) => {
  const [late, inTime] = [await hold(), await hold()]
  const { redirect } = (await pay(inTime)).body
  await shop.owner.query("update purchase.purchases set held_until = now() - interval '1 minute' where purchase_id = any($1)", [
    [late, inTime]
  ])
  await shop.owner.query("update selling.seats set held_until = now() - interval '1 minute' where holder_id = $1", [inTime])
  await shop.owner.query("update selling.holds set held_until = now() - interval '1 minute' where hold_id = $1", [inTime])

  t.match(await pay(late), { status: 409, body: { code: 'HOLD_EXPIRED' } })
  t.match(await pay(inTime), { status: 409, body: { code: 'HOLD_EXPIRED' } })

  t.match((await comeBack(await atBank(redirect, 'approve'))).body, { state: 'ordered' }, 'its seats were still free')
})

t.test('while the bank is away nothing is begun and the hold stays', async (t) => {
  const id = await hold()
  shop.wire.trouble('cut', 'POST')
  t.teardown(shop.wire.mend)

  t.match(await pay(id), { status: 503, headers: { 'retry-after': '1' } })

  shop.wire.mend()
  t.match((await ask('GET', `/purchases/${id}`)).body, { state: 'held' })
  t.match((await pay(id)).body, { redirect: { token: /.+/ } })
})

t.test(
  'a bank that never answers is not waited for: the buyer is told that it is being decided, and the commit is sent again',
  async (t) => {
    const id = await hold()
    const back = await atBank((await pay(id)).body.redirect, 'approve')
    await bankFault('hang', 'commit')
    const began = performance.now()

    t.match(await comeBack(back), { status: 200, body: { state: 'paying' } })

    t.ok(performance.now() - began < 7_000)
    await shop.purchases.settled()
    t.equal(await shop.resume(id), 'ordered')
  }
)

t.test('a bank in trouble is not believed and not asked blindly: its commit went through', async (t) => {
  const id = await hold()
  const back = await atBank((await pay(id)).body.redirect, 'approve')
  await bankFault('die', 'commit')

  t.match(await comeBack(back), { status: 200, body: { state: 'ordered' } })
})

async function bankFault(mode: string, on: string): Promise<void> {
  const body = JSON.stringify({ mode, on, count: 1 })
  const response = await fetch(`${shop.bankUrl}/api/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  if (!response.ok) throw new Error(`the bank takes no fault: ${response.status}`)
}

async function buyOrderOf(token: string): Promise<string> {
  return (await shop.kit.bank.status(token)).buyOrder
}

async function ordersOf(id: string) {
  return (await shop.owner.query('select * from selling.orders where order_id = $1', [id])).rows
}
