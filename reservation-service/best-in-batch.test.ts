import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import t from 'tap'
import { testDatabase } from '../db/test-database.ts'
import { BUYER, codesOf, givenShow, sellerOf } from './given.ts'
import type { Seller } from './seller.ts'

const PAIR = { showId: 1, best: { quantity: 2 } }
const SALE = { buyer: BUYER, language: 'es' as const }

for (const [what, seats, ask, codes] of [
  ['the repeat of another', 4, ({ hold }, id) => [hold(id, PAIR), hold(id, PAIR), hold(randomUUID(), PAIR)], {}],
  [
    'a sale that is refused',
    2,
    ({ hold, sell }, id) => [sell(id, PAIR, { ...SALE, totalClp: 1 }), hold(randomUUID(), PAIR)],
    { PRICE_CHANGED: 1 }
  ],
  ['a hold of the same id', 4, ({ hold, sell }, id) => [hold(id, PAIR), hold(id, PAIR), sell(id, PAIR, SALE)], {}],
  ['a sale that takes the last', 2, ({ hold, sell }, id) => [sell(id, PAIR, SALE), hold(id, PAIR)], { NOT_TOGETHER: 1 }]
] as Array<[string, number, (seller: Seller, id: string) => Array<Promise<unknown>>, Record<string, number>]>) {
  t.test(`who asks for the best seats in one batch with ${what} gets those that nobody else gets`, async (t) => {
    const pool: Pool = await testDatabase(t)
    await givenShow(pool, { seats })
    const seller = sellerOf(pool)
    await seller.shows.find(1) // so that all come together

    const outcomes = await Promise.allSettled(ask(seller, randomUUID()))

    t.strictSame(codesOf(outcomes), codes)
  })
}

t.test('a sale under the id of a hold that stands finds seats of its own, also beside a repeat of that hold', async (t) => {
  const pool = await testDatabase(t)
  await givenShow(pool, { seats: 4 })
  const { hold, sell } = sellerOf(pool)
  const id = randomUUID()
  await hold(id, PAIR)

  const outcomes = await Promise.allSettled([hold(id, PAIR), sell(id, PAIR, SALE)])

  t.strictSame(codesOf(outcomes), {})
})
