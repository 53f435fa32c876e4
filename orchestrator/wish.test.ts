import { createHash, randomUUID } from 'node:crypto'
import t from 'tap'
import type { Wish } from '../contracts/values.ts'
import { askForHold } from './choose.ts'
import { endProcess } from './given.ts'
import { givenShop } from './given-shop.ts'
import { store } from './kit.ts'
import { findPurchase } from './purchases.ts'
import { canonical, fingerprintOf } from './wish.ts'

const SEATS = 60
const RULES = 3
const shop = await givenShop(t, 10, { seats: SEATS })
let seller = await shop.startSeller()

t.test('a choice of first types is recognised as it was before there were types', (t) => {
  const before = '{"showId":1,"seatNos":[3,5],"places":[{"zoneNo":1,"quantity":4},{"zoneNo":2,"quantity":1}]}'
  const chosen = { showId: 1, seatNos: [5, 3] }
  const places = [
    { zoneNo: 2, quantity: 1 },
    { zoneNo: 1, quantity: 1 },
    { zoneNo: 1, quantity: 3 }
  ]

  const plain = fingerprintOf(canonical({ ...chosen, places }))
  const named = fingerprintOf(canonical({ ...chosen, typeNos: [1, 1], places: places.map((place) => ({ ...place, typeNo: 1 })) }))

  t.equal(plain, createHash('sha256').update(before).digest('hex'))
  t.equal(named, plain)
  t.end()
})

t.test('a purchase begun before wishes were stored goes on: the same choice is the same purchase', async (t) => {
  const [id, choice] = [randomUUID(), { showId: 1, seatNos: [60], places: [] }]
  await shop.owner.query(
    "insert into purchase.purchases (purchase_id, fingerprint, state, show_id, seat_nos) values ($1, $2, 'holding', 1, $3)",
    [id, fingerprintOf(choice), choice.seatNos]
  )

  t.match(await shop.ask('PUT', `/purchases/${id}`, choice), { status: 200, body: { state: 'held', lines: [{ seatNo: 60 }] } })
})

t.test('the best seats, asked for ten times at once under one id, are one hold of the same seats', async (t) => {
  const [id, wish] = [randomUUID(), { showId: 1, best: { quantity: 4 } }]

  const answers = await Promise.all(Array.from({ length: 10 }, () => shop.ask('PUT', `/purchases/${id}`, wish)))

  const [{ body: first } = { body: {} }] = answers
  t.match(first, { state: 'held', totalClp: 46_000 })
  t.equal(new Set(answers.map(({ status, body }) => JSON.stringify([status, { ...body, now: '' }]))).size, 1)
  const seatNos = first.lines.map((line: { seatNo: number }) => line.seatNo)
  t.strictSame(seatNos, [seatNos[0], seatNos[0] + 1, seatNos[0] + 2, seatNos[0] + 3])
  t.strictSame(await seatsHeldBy(id), seatNos)
  t.strictSame(await seatsStoredFor(id), seatNos)
})

t.test('a known id with another wish is refused, and nothing changes', async (t) => {
  const [id, best] = [randomUUID(), { quantity: 2 }]
  await shop.ask('PUT', `/purchases/${id}`, { showId: 1, best })
  const seatNos = await seatsHeldBy(id)

  for (const other of [
    { showId: 1, best: { quantity: 3 } },
    { showId: 1, seatNos, places: [] }
  ]) {
    t.match(await shop.ask('PUT', `/purchases/${id}`, other), { status: 422, body: { code: 'PURCHASE_MISMATCH' } })
  }

  t.match(await shop.ask('PUT', `/purchases/${id}`, { showId: 1, best: { ...best, typeNos: [1, 1], apart: false } }), { status: 200 })
  t.strictSame(await seatsHeldBy(id), seatNos)
})

t.test('a crash before the seller was asked for the best seats, and one after, end in one hold', async (t) => {
  for (const asked of [false, true]) {
    const [id, wish] = [randomUUID(), { showId: 1, best: { quantity: 3 } }]
    await endProcess(seller)
    t.match(await shop.ask('PUT', `/purchases/${id}`, wish), { status: 503 })
    seller = await shop.startSeller()
    if (asked) await shop.kit.seller.call('PUT', `/holds/${id}`, wish)
    const before = await seatsHeldBy(id)

    t.equal(await shop.resume(id), 'held')

    t.equal(before.length, asked ? 3 : 0)
    const after = await seatsHeldBy(id)
    if (asked) t.strictSame(after, before)
    t.equal(after.length, 3)
    t.strictSame(await seatsStoredFor(id), after)
    t.match((await shop.ask('PUT', `/purchases/${id}`, wish)).body, { state: 'held', lines: after.map((seatNo) => ({ seatNo })) })
  }
})

t.test('each ticket is priced by its type, and a type goes with its seat in whatever order they are sent', async (t) => {
  const id = randomUUID()
  const held = await shop.ask('PUT', `/purchases/${id}`, { showId: RULES, seatNos: [1, 2], typeNos: [1, 2], places: [] })

  t.match(held.body, {
    totalClp: 19_000,
    lines: [
      { ticketType: 'Adulto', priceClp: 10_000 },
      { ticketType: 'Niño', priceClp: 6_000 }
    ]
  })
  const turned = await shop.ask('PUT', `/purchases/${id}`, { showId: RULES, seatNos: [2, 1], typeNos: [2, 1], places: [] })
  t.strictSame({ ...turned.body, now: '' }, { ...held.body, now: '' })
  const swapped = await shop.ask('PUT', `/purchases/${id}`, { showId: RULES, seatNos: [1, 2], typeNos: [2, 1], places: [] })
  t.match(swapped, { status: 422, body: { code: 'PURCHASE_MISMATCH' } })
  const best = { showId: RULES, best: { quantity: 2, typeNos: [1, 2] } }
  t.match((await shop.ask('PUT', `/purchases/${randomUUID()}`, best)).body, { totalClp: 19_000 })
})

const REFUSED: Array<[wish: Wish, status: number, code: string, params: object]> = [
  [{ showId: RULES, seatNos: [1], places: [] }, 409, 'SEAT_TAKEN', { seatNos: [1], alternatives: [[3]] }],
  [{ showId: RULES, seatNos: [4, 5], places: [] }, 409, 'ORPHAN_SEAT', { orphans: [3], alternatives: [[3, 4]] }],
  [{ showId: RULES, best: { quantity: 4, accessible: 1 } }, 409, 'NOT_TOGETHER', { quantity: 4, together: 2 }],
  [{ showId: RULES, seatNos: [SEATS], places: [] }, 422, 'COMPANION_ALONE', { seatNos: [SEATS] }],
  [{ showId: RULES, seatNos: [3], typeNos: [7], places: [] }, 422, 'TICKET_TYPE_UNKNOWN', { typeNo: 7, seatNo: 3 }]
]

t.test('what the seller refuses is told with all it says, and told again as it was: the id is spent', async (t) => {
  for (const [wish, status, code, params] of REFUSED) {
    const id = randomUUID()

    const refused = await shop.ask('PUT', `/purchases/${id}`, wish)

    t.match(refused, { status, body: { code, params } }, code)
    t.strictSame((await shop.ask('PUT', `/purchases/${id}`, wish)).body.params, refused.body.params)
    t.strictSame((await shop.ask('GET', `/purchases/${id}`)).body.refusal, { code, params: refused.body.params })
    t.equal((await shop.ask('GET', `/purchases/${id}`)).body.state, 'refused')
  }
})

t.test('types that do not go with the seats are refused before anything is begun', async (t) => {
  const id = randomUUID()

  for (const wish of [
    { showId: RULES, seatNos: [20, 21], typeNos: [1], places: [] },
    { showId: RULES, best: { quantity: 1, typeNos: [1, 2] } }
  ]) {
    t.match(await shop.ask('PUT', `/purchases/${id}`, wish), { status: 422, body: { code: 'TICKET_TYPES_UNEVEN' } })
  }

  t.match(await shop.ask('GET', `/purchases/${id}`), { status: 404 })
})

t.test('a hold that comes to a purchase refused meanwhile is let go', async (t) => {
  const [id, wish] = [randomUUID(), { showId: 1, best: { quantity: 2 } }]
  await endProcess(seller)
  await shop.ask('PUT', `/purchases/${id}`, wish)
  seller = await shop.startSeller()
  const holding = await store(shop.kit, (tx) => findPurchase(tx, id))
  await shop.owner.query(
    `update purchase.purchases
     set state = 'refused', refusal = '{"code":"NOT_TOGETHER","status":409,"params":{}}', due_at = null
     where purchase_id = $1`,
    [id]
  )

  await askForHold(shop.kit, holding)

  t.equal((await seatsHeldBy(id)).length, 2)
  await shop.purchases.moveDueOnce()
  t.match((await shop.ask('GET', `/purchases/${id}`)).body, { state: 'refused' })
  t.strictSame(await seatsHeldBy(id), [])
})

async function seatsHeldBy(id: string): Promise<number[]> {
  const { rows } = await shop.owner.query("select seat_no from selling.seats where holder_id = $1 and state = 'held' order by seat_no", [
    id
  ])
  return rows.map((row) => row.seat_no)
}

async function seatsStoredFor(id: string): Promise<number[]> {
  const { rows } = await shop.owner.query('select seat_nos from purchase.purchases where purchase_id = $1', [id])
  return rows[0].seat_nos
}
