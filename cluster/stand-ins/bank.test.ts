import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import transbank from 'transbank-sdk'
import { openBook } from './bank/book.ts'
import { begin, commit, decide, refund } from './bank/transaction.ts'
import { approved, BACK, BANK_MAIN, BANK_URL, decideAt, givenBank, givenDirectory, KEYS, listed, messageOf, post } from './given-bank.ts'
import { givenProcess } from './given-process.ts'

t.test('the real client: what is approved is taken once, told as taken, and given back once', async (t) => {
  const { shop } = await givenBank(t)
  const { token, url } = await shop.create('ORDER-1', 'session-1', 12_990, BACK)

  const back = await decideAt(url, token, 'approve')
  const before = await shop.status(token)
  const taken = await shop.commit(token)
  const again = await shop.commit(token).catch(messageOf)
  const refunded = await shop.refund(token, 12_990)

  t.equal(token.length, 64)
  t.equal(back, `${BACK}&token_ws=${token}`)
  t.match(before, { status: 'INITIALIZED', amount: 12_990 })
  t.match(taken, {
    vci: 'TSY',
    amount: 12_990,
    status: 'AUTHORIZED',
    buy_order: 'ORDER-1',
    session_id: 'session-1',
    card_detail: { card_number: '6623' },
    accounting_date: /^\d{4}$/,
    transaction_date: /^\d{4}-\d\d-\d\dT/,
    authorization_code: /^\d{6}$/,
    payment_type_code: 'VD',
    response_code: 0,
    installments_number: 0
  })
  t.match(again, /invalid finished state: AUTHORIZED/)
  t.strictSame(refunded, { type: 'REVERSED' })
  t.match(await shop.status(token), { status: 'REVERSED' })
  t.match(await shop.refund(token, 1).catch(messageOf), /Invalid status 'REVERSED'/)
})

t.test('a part given back leaves a balance, and no more than all is ever given back', async (t) => {
  const { shop } = await givenBank(t)
  const token = await approved(shop, 10_000)
  await shop.commit(token)

  t.match(await shop.refund(token, 4_000), { type: 'NULLIFIED', nullified_amount: 4_000, balance: 6_000, response_code: 0 })
  t.match(await shop.status(token), { status: 'PARTIALLY_NULLIFIED' })
  t.match(await shop.refund(token, 6_001).catch(messageOf), /exceeds the balance/)
  t.match(await shop.refund(token, 6_000), { balance: 0 })
  t.match(await shop.status(token), { status: 'NULLIFIED' })
})

t.test('what was rejected ends as failed; what was given up, ran out or never decided is never taken', async (t) => {
  const { shop } = await givenBank(t, { PAYMENT_SECONDS: '2' })
  const [rejected, abandoned, open] = await Promise.all(['R', 'A', 'O'].map((name) => shop.create(name, `s-${name}`, 5_000, BACK)))

  t.equal(await decideAt(rejected.url, rejected.token, 'reject'), `${BACK}&token_ws=${rejected.token}`)
  t.match(await shop.commit(rejected.token), { status: 'FAILED', response_code: -1 })
  t.equal(
    await decideAt(abandoned.url, abandoned.token, 'abandon'),
    `${BACK}&TBK_TOKEN=${abandoned.token}&TBK_ORDEN_COMPRA=A&TBK_ID_SESION=s-A`
  )
  t.match(await shop.commit(abandoned.token).catch(messageOf), /ABORTED/)
  t.equal(await decideAt(abandoned.url, abandoned.token, 'approve'), await decideAt(abandoned.url, abandoned.token, 'abandon'), 'once')
  t.match(await shop.commit(open.token).catch(messageOf), /Invalid status 'INITIALIZED'/)

  await new Promise((resolve) => setTimeout(resolve, 2_000)) // it is time that is tested
  t.equal(await decideAt(open.url, open.token, 'approve'), `${BACK}&TBK_ORDEN_COMPRA=O&TBK_ID_SESION=s-O`)
  t.match(await shop.commit(open.token).catch(messageOf), /ABORTED/)
  t.match(await shop.status(open.token), { status: 'INITIALIZED' })
})

t.test('nobody without the key, and nothing out of its limits, gets in', async (t) => {
  const { shop } = await givenBank(t)
  const stranger = new transbank.WebpayPlus.Transaction(new transbank.Options(KEYS.BANK_COMMERCE_CODE, 'guess', BANK_URL, 5_000))
  const good = { buy_order: 'O', session_id: 's', amount: 100, return_url: BACK }
  const bad: Array<[string, object]> = [
    ['buy_order', { ...good, buy_order: 'x'.repeat(27) }],
    ['session_id', { ...good, session_id: 'x'.repeat(62) }],
    ['amount', { ...good, amount: 0 }],
    ['amount', { ...good, amount: 99.5 }],
    ['return_url', { ...good, return_url: 'javascript:alert(1)' }],
    ['return_url', { ...good, return_url: undefined }]
  ]

  t.match(await stranger.create('O', 's', 100, BACK).catch(messageOf), /Not Authorized/)
  for (const [field, body] of bad) {
    const answer = await post('/rswebpaytransaction/api/webpay/v1.2/transactions', body)
    t.equal(answer.status, 422)
    t.match(await answer.text(), new RegExp(field))
  }
  t.match(await shop.status('0'.repeat(64)).catch(messageOf), /not found/)
  t.strictSame(await listed(''), [])
})

t.test(
  'the page says who is paid and how much, is text where it is foreign text, and tells nobody when the window is closed',
  async (t) => {
    const { shop } = await givenBank(t)
    const { token, url } = await shop.create('A&B', 's', 45_900, BACK)

    const got = await (await fetch(`${url}?token_ws=${token}`)).text()
    const posted = await (await fetch(url, { method: 'POST', body: new URLSearchParams({ token_ws: token }) })).text()
    const closed = await fetch(new URL('/webpayserver/closed', url), { method: 'POST', redirect: 'manual' })

    t.equal(got, posted)
    t.match(got, /\$45\.900/)
    t.match(got, /A&amp;B/)
    t.match(got, /Simulador/)
    t.notMatch(got, /<script/)
    t.equal(closed.status, 200)
    t.notMatch(await closed.text(), /shop\.example/)
    t.match(await shop.status(token), { status: 'INITIALIZED' })
    t.equal((await fetch(`${url}?token_ws=nobody`)).status, 404)
  }
)

t.test('a bank that dies keeps what it has answered, and its day is in its file', async (t) => {
  const { shop, bank, settings } = await givenBank(t)
  const token = await approved(shop, 7_000)
  await shop.commit(token)

  await bank.end('SIGKILL')
  await givenProcess(t, BANK_MAIN, BANK_URL, settings)
  await shop.refund(token, 7_000)

  const [{ transaction_date: at }] = (await listed('?buy_order=ORDER')) as [{ transaction_date: string }]
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Santiago' }).format(new Date(at))
  const lines = (await (await fetch(`${BANK_URL}/api/settlements/${day}.csv`)).text()).trim().split('\r\n')
  t.match(lines[1], new RegExp(`^${day},.*,597055555532,VENTA,ORDER,${token},\\d{6},7000$`))
  t.match(lines[2], new RegExp(`,REVERSA,ORDER,${token},\\d{6},-7000$`))
  t.equal(lines.length, 3)
})

t.test('trouble comes when it is ordered, to whom it is ordered, as often as it is ordered', async (t) => {
  const { shop } = await givenBank(t)
  const token = await approved(shop, 3_000)

  await post('/api/faults', { mode: '500', on: 'status', count: 1 })
  t.match(await shop.status(token).catch(messageOf), /Internal error/)
  t.match(await shop.status(token), { status: 'INITIALIZED' })

  await post('/api/faults', { mode: 'die', on: 'commit', count: 1 })
  t.match(await shop.commit(token).catch(messageOf), /Unexpected error/)
  t.match(await shop.status(token), { status: 'AUTHORIZED' }, 'it was done, and nobody heard')

  await post('/api/faults', { mode: 'hang', on: 'refund' })
  t.match(await shop.refund(token, 3_000).catch(messageOf), /Unexpected error/)
  await post('/api/faults', { mode: 'none' })
  t.match(await shop.status(token), { status: 'AUTHORIZED' }, 'it was not done')
})

t.test('of a line that a crash cut off nobody was told; a broken line within is not passed over', async (t) => {
  const directory = await givenDirectory(t)
  const [first, second] = ['1', '2'].map((buy_order) => begin({ buy_order, session_id: 's', amount: 1, return_url: BACK }, new Date(0)))
  const file = join(directory, 'transactions.jsonl')

  await writeFile(file, `${JSON.stringify(first)}\n{"token":"cut`)
  const book = openBook(directory)
  book.keep(second!)
  book.close()

  t.strictSame(openBook(directory).all(), [second, first])
  await writeFile(file, `{"token":"cut\n${JSON.stringify(first)}\n`)
  t.throws(() => openBook(directory), /line 1 is broken/)
})

t.test('all of it given back on another day is a return of money and no undoing', async (t) => {
  const [monday, tuesday] = [new Date('2026-03-02T15:00:00Z'), new Date('2026-03-03T15:00:00Z')]
  const begun = begin({ buy_order: 'O', session_id: 's', amount: 500, return_url: BACK }, monday)

  const taken = commit(decide(begun, 'approve', false), false, monday)

  t.equal(refund(taken, 500, tuesday).status, 'NULLIFIED')
  t.equal(refund(taken, 500, monday).status, 'REVERSED')
})
