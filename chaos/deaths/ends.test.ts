import t from 'tap'
import { type Bought, type Paid, unended } from './ends.ts'

t.test('a purchase that is bought and paid for once, given back, or never paid has ended', async (t) => {
  t.strictSame(unended([bought()], [paid()]), [])
  t.strictSame(unended([bought({ state: 'ordered' })], [paid(), paid({ status: 'INITIALIZED' })]), [])
  t.strictSame(unended([bought({ totalClp: 0, payments: [] })], []), [], 'what costs nothing is paid by nothing')
  t.strictSame(unended([bought({ state: 'refunded', payments: ['refunded'] })], [paid({ status: 'REVERSED' })]), [])
  for (const state of ['held', 'paying', 'released', 'expired', 'refused'])
    t.strictSame(unended([bought({ state, payments: ['started'] })], [paid({ status: 'INITIALIZED' })]), [], state)
})

t.test('a purchase that somebody has still to move on has not ended', async (t) => {
  for (const state of ['holding', 'paid', 'refunding']) t.match(unended([bought({ state, totalClp: 0 })], []), [/has not ended/], state)
  for (const payment of ['committing', 'refunding'])
    t.match(unended([bought({ payments: [payment] })], [paid()]), [/nobody knows the outcome of/], payment)
})

t.test('money that was taken for nothing, twice, or in another sum is told', async (t) => {
  for (const state of ['held', 'paying', 'released', 'expired', 'refused'])
    t.match(unended([bought({ state })], [paid()]), [/taken \[26500\] .* not \[\]/])
  t.match(unended([bought({ state: 'refunded' })], [paid(), paid({ status: 'REVERSED' })]), [/taken \[26500\] .* not \[\]/])
  t.match(unended([bought()], [paid(), paid()]), [/taken \[26500,26500\]/])
  t.match(unended([bought()], [paid({ amountClp: 1 })]), [/taken \[1\] .* not \[26500\]/])
})

t.test('what was bought and never paid for, or said to be given back and was not, is told', async (t) => {
  t.match(unended([bought()], [paid({ status: 'REVERSED' })]), [/taken \[\] .* not \[26500\]/])
  t.match(unended([bought({ state: 'refunded' })], [paid({ status: 'INITIALIZED' })]), [/nothing was given back/])
})

t.test('a purchase that is over keeps no seats from others, and one that is not may', async (t) => {
  for (const state of ['released', 'expired', 'refused'])
    t.match(unended([bought({ state, payments: [], holds: true })], []), [/keeps its seats/], state)
  t.strictSame(unended([bought({ state: 'held', payments: [], holds: true })], []), [])
})

t.test('each purchase is judged by its own payments', async (t) => {
  t.match(unended([bought(), bought({ purchaseId: 'q' })], [paid({ purchaseId: 'q' })]), [/^purchase p is documented/])
})

function bought(more: Partial<Bought> = {}): Bought {
  return { purchaseId: 'p', state: 'documented', totalClp: 26_500, payments: ['authorized'], holds: false, ...more }
}

function paid(more: Partial<Paid> = {}): Paid {
  return { purchaseId: 'p', status: 'AUTHORIZED', amountClp: 26_500, ...more }
}
