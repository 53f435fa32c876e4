import { randomUUID } from 'node:crypto'
import t from 'tap'
import { testDatabase } from '../db/test-database.ts'
import { BUYER, choice, codesOf, givenPlan, givenShow, hold, loadPlan, loadShow, sellerOf, times } from './given.ts'

const best = (quantity: number) => ({ showId: 1, best: { quantity } })

t.test('a repeat of a wish for the best seats gets its own again, and takes nothing from others', async (t) => {
  const pool = await testDatabase(t)
  await givenShow(pool, { seats: 8 })
  const [first, second] = [randomUUID(), randomUUID()]
  const held = await hold(pool, best(4), first)

  const answers = await Promise.all([...times(6, () => hold(pool, best(4), first)), hold(pool, best(4), second)])

  t.strictSame(
    answers.slice(0, 6),
    times(6, () => held)
  )
  t.strictSame(
    answers[6]!.seatNos.concat(held.seatNos).sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8]
  )
  await t.rejects(hold(pool, best(1)), { code: 'NOT_TOGETHER', params: { quantity: 1, together: 0 } })
})

t.test('a hundred who want the best at once get different seats until there are none together', async (t) => {
  const pool = await testDatabase(t)
  await givenShow(pool, { seats: 50 })

  const outcomes = await Promise.allSettled(times(100, () => sellerOf(pool).sell(randomUUID(), best(2), { buyer: BUYER, language: 'es' })))

  const seats = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value.lines.map(({ seatNo }) => seatNo) : []))
  t.equal(seats.length, 50)
  t.equal(new Set(seats).size, 50)
  t.strictSame(codesOf(outcomes), { NOT_TOGETHER: 75 })
})

t.test('who is refused a seat is offered the nearest equal ones', async (t) => {
  const pool = await testDatabase(t)
  await givenShow(pool, { seats: 10 })
  await hold(pool, choice([5, 6]))

  await t.rejects(hold(pool, choice([6, 7])), {
    code: 'SEAT_TAKEN',
    params: {
      seatNos: [6],
      alternatives: [
        [7, 8],
        [3, 4],
        [9, 10]
      ]
    }
  })
})

t.test('the best seats for a ticket type are where the show sells it', async (t) => {
  const pool = await testDatabase(t)
  const plan = givenPlan(4)
  plan.categories.push({ name: 'Palco', color: '#123456' })
  for (const seat of plan.zones[0]!.rows[0]!.seats.slice(2)) seat.category = 'Palco'
  await loadPlan(pool, plan)
  await loadShow(pool, {
    ticketTypes: ['Adulto', 'Niño'],
    focus: { x: 0, y: 0 },
    prices: [
      { category: 'Platea', priceClp: 10_000 },
      { category: 'Palco', priceClp: 20_000, reduced: [{ ticketType: 'Niño', priceClp: 5_000 }] }
    ]
  })

  const { lines } = await hold(pool, { showId: 1, best: { quantity: 2, typeNos: [1, 2] } })

  t.strictSame(
    lines.map(({ seat, ticketType, priceClp }) => [seat, ticketType, priceClp]),
    [
      ['3', 'Adulto', 20_000],
      ['4', 'Niño', 5_000]
    ]
  )
})
