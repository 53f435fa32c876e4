import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import type { Choice, Wish } from '../contracts/values.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { BUYER, expire, givenPlan, givenShowRequest, times } from './given.ts'
import { faultsIn, readBooks } from './given-books.ts'
import { givenProcesses } from './given-processes.ts'
import { givenWire } from './given-wire.ts'

const SEATS = 100
const REPEATS = 30
const SALE = { buyer: BUYER, language: 'es' as const }

/** Two processes, the first of them over a wire that can be cut. */
const url = await testDatabaseUrl(t)
const pool = openPool(url, createLog('test', 'silent'))
const wire = await givenWire(t, url)
const { send } = await givenProcesses(t, [wire.url, url])
const ask = send.bind(undefined, 0)
t.teardown(() => pool.end())
await send(0, 'PUT', '/seating-plans/sala', givenPlan(SEATS))

t.test('thirty repeats at once, at two processes, are one hold, one order, one sale, and thirty answers equal to the byte', async (t) => {
  const showId = await newShow()
  const held = JSON.parse((await ask('PUT', `/holds/${randomUUID()}`, seats(showId, [9], 1))).text)
  const order = { holdId: held.holdId, ...SALE, totalClp: held.totalClp }

  for (const [door, body] of [
    ['holds', seats(showId, [1, 2], 1)],
    ['holds', best(showId, 3)],
    ['sales', { ...seats(showId, [5, 4], 2), ...SALE }],
    ['sales', { ...best(showId, 4), ...SALE }],
    ['orders', order]
  ] as const) {
    const replies = await repeated('PUT', `/${door}/${randomUUID()}`, body)

    t.match(replies[0], { status: 200 }, replies[0]!.text)
    t.equal(new Set(replies.map(({ text }) => text)).size, 1)
  }

  t.strictSame(await booksOf(showId), { orders: 3, holds: 3, seats: 2 + 3 + 2 + 4 + 1, soldPlaces: 3, faults: [] })
})

t.test('an id that is known with another body is refused, whatever differs, and nothing changes', async (t) => {
  const [showId, other] = [await newShow(), await newShow()]
  const [holdId, saleId, orderId, wishId] = times(4, () => randomUUID())
  const bought = { ...seats(showId, [4], 1), ...SALE }
  const held = JSON.parse((await ask('PUT', `/holds/${holdId}`, seats(showId, [1, 2], 1))).text)
  const order = { holdId, ...SALE, totalClp: held.totalClp }
  for (const [path, body] of [
    [`/sales/${saleId}`, bought],
    [`/orders/${orderId}`, order],
    [`/holds/${wishId}`, best(showId, 2)],
    [`/sales/${wishId}`, { ...best(showId, 2), ...SALE }]
  ] as const)
    t.match(await ask('PUT', path, body), { status: 200 })
  const before = await readBooks(pool)

  for (const [path, body, code] of [
    [`/holds/${holdId}`, seats(showId, [1], 1), 'HOLD_MISMATCH'],
    [`/holds/${holdId}`, seats(showId, [1, 2], 2), 'HOLD_MISMATCH'],
    [`/holds/${holdId}`, seats(other, [1, 2], 1), 'HOLD_MISMATCH'],
    [`/holds/${wishId}`, best(other, 2), 'HOLD_MISMATCH'],
    [`/sales/${saleId}`, { ...bought, seatNos: [5] }, 'ORDER_MISMATCH'],
    [`/sales/${saleId}`, { ...bought, showId: other }, 'ORDER_MISMATCH'],
    [`/sales/${saleId}`, { ...bought, buyer: { ...BUYER, name: 'Eva' } }, 'ORDER_MISMATCH'],
    [`/sales/${wishId}`, { ...best(other, 2), ...SALE }, 'ORDER_MISMATCH'],
    [`/sales/${orderId}`, bought, 'ORDER_MISMATCH'],
    [`/orders/${saleId}`, order, 'ORDER_MISMATCH'],
    [`/orders/${orderId}`, { ...order, totalClp: 1 }, 'ORDER_MISMATCH']
  ] as const) {
    const { status, text } = await ask('PUT', path, body)
    t.strictSame([status, JSON.parse(text).code], [422, code], `${path.slice(0, 7)} ${JSON.stringify(body).slice(0, 60)}`)
  }

  t.strictSame(await readBooks(pool), before)
})

t.test('a repeat gets what it got before, also when the hold ran out and another buyer has its seats', async (t) => {
  const showId = await newShow()
  const path = `/holds/${randomUUID()}`
  const first = await ask('PUT', path, seats(showId, [1, 2], 1))
  await expire(pool, JSON.parse(first.text))

  t.strictSame(await ask('PUT', path, seats(showId, [2, 1], 1)), first)
  t.match(await ask('PUT', `/sales/${randomUUID()}`, { ...seats(showId, [2], 1), ...SALE }), { status: 200 })
  t.strictSame(await ask('PUT', path, seats(showId, [1, 2], 1)), first)
})

t.test('a hold is extended once, however often that is asked at once, and what its giving said stays as it was', async (t) => {
  const [path, wish] = [`/holds/${randomUUID()}`, seats(await newShow(), [1, 2], 1)]
  const first = await ask('PUT', path, wish)

  const replies = await repeated('PUT', `${path}/extension`)

  t.strictSame([...new Set(replies.map(({ status }) => status))], [200])
  t.equal(new Set(replies.map(({ text }) => text)).size, 1)
  t.ok(JSON.parse(replies[0]!.text).heldUntil > JSON.parse(first.text).heldUntil)
  t.strictSame(await ask('PUT', path, wish), first)
})

t.test('many may say at once whose a hold is, also where its show was never seen before', async (t) => {
  const path = `/holds/${randomUUID()}`
  await ask('PUT', path, seats(await newShow(), [1]))

  const replies = await repeated('PUT', `${path}/buyer`, { email: BUYER.email })

  t.strictSame([...new Set(replies.map(({ status }) => status))], [200])
})

t.test('an order that comes beside its own hold is made or refused, and never a fault', async (t) => {
  const showId = await newShow()

  const replies = await Promise.all(
    times(SEATS, (i) => {
      const holdId = randomUUID()
      const order = { holdId, ...SALE, totalClp: 11_000 }
      return Promise.all([ask('PUT', `/holds/${holdId}`, seats(showId, [i + 1])), ask('PUT', `/orders/${holdId}`, order)])
    })
  )

  t.strictSame([...new Set(replies.map(([held]) => held.status))], [200])
  t.strictSame(
    [...new Set(replies.map(([, ordered]) => ordered.status))].filter((status) => status !== 200 && status !== 404),
    []
  )
})

for (const when of ['before', 'after'] as const) {
  t.test(
    `the wire to the database breaks just ${when} a commit passes it: all answers are true, and there is one order for each`,
    async (t) => {
      const showId = await newShow()
      const many = times(10, (i) => [`/sales/${randomUUID()}`, { ...seats(showId, [10 + i]), ...SALE }] as const)

      for (const asked of [
        [[`/sales/${randomUUID()}`, { ...seats(showId, [1, 2], 1), ...SALE }]],
        [[`/sales/${randomUUID()}`, { ...best(showId, 2), ...SALE }]],
        [[`/holds/${randomUUID()}`, seats(showId, [9], 1)]],
        many
      ] as const) {
        const cuts = wire.cuts()
        wire.cutAtCommit(asked.at(-1)![0].slice(-36), when)
        const replies = await Promise.all(asked.map(([path, body]) => ask('PUT', path, body)))

        t.equal(wire.cuts(), cuts + 1)
        t.strictSame([...new Set(replies.map(({ status }) => status))], [200])
        t.strictSame(await Promise.all(asked.map(([path, body]) => ask('PUT', path, body))), replies)
      }

      t.strictSame(await booksOf(showId), { orders: 12, holds: 1, seats: 15, soldPlaces: 1, faults: [] })
    }
  )
}

t.test('a commit on its way when the database goes away is told to be unknown, and the repeat finds out what became of it', async (t) => {
  const [path, body] = [`/sales/${randomUUID()}`, { ...seats(await newShow(), [1, 2]), ...SALE }]
  wire.cutAtCommit(path.slice(-36), 'after', 'until mended')

  const unknown = await ask('PUT', path, body)
  wire.mend()
  const known = await ask('PUT', path, body)

  t.strictSame([unknown.status, JSON.parse(unknown.text).code], [503, 'OUTCOME_UNKNOWN'])
  t.equal(known.status, 200)
  t.strictSame(await send(1, 'PUT', path, body), known)
})

function repeated(method: string, path: string, body?: unknown) {
  return Promise.all(times(REPEATS, (i) => send(i % 2, method, path, body)))
}

/** A show that neither process has seen yet. */
async function newShow(): Promise<number> {
  const zones = ['Cancha', 'Palco'].map((name) => ({ name, capacity: 100, priceClp: 5_000 }))
  const { text } = await ask('PUT', `/shows/${randomUUID()}`, { ...givenShowRequest(), zones })
  return JSON.parse(text).showId
}

function seats(showId: number, seatNos: number[], places = 0, zoneNo = 1): Choice {
  return { showId, seatNos, places: places > 0 ? [{ zoneNo, quantity: places }] : [] }
}

function best(showId: number, quantity: number): Wish {
  return { showId, best: { quantity } }
}

async function booksOf(showId: number) {
  const books = await readBooks(pool)
  const ofShow = (row: { show_id: number }) => row.show_id === showId
  return {
    orders: books.orders.filter(ofShow).length,
    holds: books.holds.filter(ofShow).length,
    seats: books.seats.filter((seat) => ofShow(seat) && seat.state !== 'free').length,
    soldPlaces: books.soldPlaces.filter(ofShow).length,
    faults: faultsIn(books)
  }
}
