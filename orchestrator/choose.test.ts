import { randomUUID } from 'node:crypto'
import t from 'tap'
import { endProcess } from './given.ts'
import { givenShop } from './given-shop.ts'

const shop = await givenShop(t, 2)
let seller = await shop.startSeller()
let nextSeat = 1

t.test(
  'a choice is held, priced by the seller, and the same id with the same choice gets the same answer, thirty times at once',
  async (t) => {
    const [id, a, b] = [randomUUID(), nextSeat++, nextSeat++]

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => shop.ask('PUT', `/purchases/${id}`, chosen(i % 2 ? [a, b] : [b, a])))
    )

    const [{ body: first } = { body: {} }] = answers
    t.match(first, { purchaseId: id, state: 'held', showId: 1, totalClp: 23_000, serviceFeeClp: 3_000 })
    t.equal(first.lines.length, 2)
    t.ok(Date.parse(first.heldUntil) > Date.parse(first.now))
    t.equal(new Set(answers.map(({ status, body }) => JSON.stringify([status, { ...body, now: '' }]))).size, 1)
  }
)

t.test('a known id with another choice is refused, and nothing changes', async (t) => {
  const [id, a, b] = [randomUUID(), nextSeat++, nextSeat++]
  await shop.ask('PUT', `/purchases/${id}`, chosen([a]))

  const other = await shop.ask('PUT', `/purchases/${id}`, chosen([b]))

  t.match(other, { status: 422, body: { code: 'PURCHASE_MISMATCH' } })
  t.strictSame(await seatsOf(id), [a])
})

t.test('a seat somebody else holds is refused with the seller’s code, the same for every repeat: the id is spent', async (t) => {
  const [id, a] = [randomUUID(), nextSeat++]
  await shop.ask('PUT', `/purchases/${randomUUID()}`, chosen([a]))

  const refused = await shop.ask('PUT', `/purchases/${id}`, chosen([a]))

  t.match(refused, { status: 409, body: { code: 'SEAT_TAKEN', params: { seatNos: [a] } } })
  t.strictSame((await shop.ask('PUT', `/purchases/${id}`, chosen([a]))).body, refused.body)
  t.match((await shop.ask('GET', `/purchases/${id}`)).body, { state: 'refused', refusal: { code: 'SEAT_TAKEN' } })
})

t.test('a released purchase frees its seats, and releasing it again changes nothing', async (t) => {
  const [id, a] = [randomUUID(), nextSeat++]
  await shop.ask('PUT', `/purchases/${id}`, chosen([a]))

  const released = await shop.ask('DELETE', `/purchases/${id}`)

  t.match(released, { status: 200, body: { state: 'released' } })
  t.match(await shop.ask('DELETE', `/purchases/${id}`), { status: 200, body: { state: 'released' } })
  t.match((await shop.ask('PUT', `/purchases/${id}`, chosen([a]))).body, { state: 'released' })
  t.match(await shop.ask('PUT', `/purchases/${randomUUID()}`, chosen([a])), { status: 200, body: { state: 'held' } })
})

t.test('while the seller is away the answer is to come again, and then the purchase is held without being asked for again', async (t) => {
  const [id, a] = [randomUUID(), nextSeat++]
  await endProcess(seller)

  const away = await shop.ask('PUT', `/purchases/${id}`, chosen([a]))

  t.match(away, { status: 503, headers: { 'retry-after': '1' } })
  seller = await shop.startSeller()
  await dueNow(id)
  t.equal(await shop.purchases.moveDueOnce(), 1)
  t.match((await shop.ask('GET', `/purchases/${id}`)).body, { state: 'held' })
})

t.test('a hold that could not be asked for while its buyer waited is given up', async (t) => {
  const [id, a] = [randomUUID(), nextSeat++]
  await endProcess(seller)
  await shop.ask('PUT', `/purchases/${id}`, chosen([a]))
  seller = await shop.startSeller()
  await shop.owner.query("update purchase.purchases set made_at = made_at - interval '2 minutes' where purchase_id = $1", [id])
  await dueNow(id)

  await shop.purchases.moveDueOnce()

  t.match((await shop.ask('GET', `/purchases/${id}`)).body, { state: 'expired' })
  t.strictSame(await seatsOf(id), [])
})

t.test('a release that the seller did not hear of is told again', async (t) => {
  const [id, a] = [randomUUID(), nextSeat++]
  await shop.ask('PUT', `/purchases/${id}`, chosen([a]))
  await endProcess(seller)

  t.match(await shop.ask('DELETE', `/purchases/${id}`), { status: 200, body: { state: 'released' } })

  t.strictSame(await seatsOf(id), [a])
  seller = await shop.startSeller()
  await dueNow(id)
  await shop.purchases.moveDueOnce()
  t.strictSame(await seatsOf(id), [])
})

t.test('a hold that has run out unpaid is expired, and its seats are let go', async (t) => {
  const [id, a] = [randomUUID(), nextSeat++]
  await shop.ask('PUT', `/purchases/${id}`, chosen([a]))
  await shop.owner.query("update purchase.purchases set held_until = now() - interval '1 minute' where purchase_id = $1", [id])
  await dueNow(id)

  await shop.purchases.moveDueOnce()

  t.match((await shop.ask('GET', `/purchases/${id}`)).body, { state: 'expired' })
  t.strictSame(await seatsOf(id), [])
  const { rows } = await shop.owner.query('select due_at, leased_until from purchase.purchases where purchase_id = $1', [id])
  t.strictSame(rows, [{ due_at: null, leased_until: null }], 'nobody looks at it ever again')
})

function chosen(seatNos: number[]) {
  return { showId: 1, seatNos, places: [] }
}

async function dueNow(id: string): Promise<void> {
  await shop.owner.query('update purchase.purchases set due_at = now() where purchase_id = $1', [id])
}

async function seatsOf(id: string): Promise<number[]> {
  const { rows } = await shop.owner.query('select seat_no from selling.seats where holder_id = $1 order by seat_no', [id])
  return rows.map((row) => row.seat_no)
}
