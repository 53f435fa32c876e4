import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool, transaction } from '../chassis/postgres.ts'
import type { Choice } from '../contracts/values.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { BUYER, codesOf, givenPlan, givenShowRequest, loadPlan } from './given.ts'
import { faultsIn, readBooks } from './given-books.ts'
import { givenSeller, meeting } from './given-plants.ts'
import { makeShow } from './make-show.ts'

const ZONES = ['Cancha', 'Palco'].map((name) => ({ name, capacity: 10, priceClp: 5_000 }))

for (const [what, one, other] of [
  ['two seats', seats(1, 1), seats(1, 2)],
  ['two seats of two shows', seats(1, 1), seats(2, 1)],
  ['two zones', zone(1, 1), zone(1, 2)],
  ['one zone of two shows', zone(1, 1), zone(2, 1)],
  ['a seat and a zone', seats(1, 1), zone(1, 1)]
] as Array<[string, Choice, Choice]>) {
  t.test(`${what} that are wanted under one id at once: one is given, and the other is told that the id is known`, async (t) => {
    const url = await testDatabaseUrl(t)
    const pool = openPool(url, createLog('test', 'silent'))
    t.teardown(() => pool.end())
    await loadPlan(pool, givenPlan(4))
    for (const code of ['one', 'two']) await transaction(pool, (tx) => makeShow(tx, code, { ...givenShowRequest(), zones: ZONES }))

    for (const [does, said] of [
      ['hold', 'HOLD_MISMATCH'],
      ['sell', 'ORDER_MISMATCH']
    ] as const) {
      const [id, met] = [randomUUID(), meeting()]
      const outcomes = await Promise.allSettled(
        [one, other].map((wish) => {
          const seller = givenSeller(t, url, met)
          return does === 'hold' ? seller.hold(id, wish) : seller.sell(id, wish, { buyer: BUYER, language: 'es' })
        })
      )

      t.strictSame(codesOf(outcomes), { [said]: 1 }, does)
      await pool.query("update selling.seats set state = 'free', holder_id = null, held_until = null where state = 'held'")
    }

    const books = await readBooks(pool)
    t.match(books, { holds: { length: 1 }, orders: { length: 1 } })
    t.strictSame(faultsIn(books), [])
  })
}

function seats(showId: number, seatNo: number): Choice {
  return { showId, seatNos: [seatNo], places: [] }
}

function zone(showId: number, zoneNo: number): Choice {
  return { showId, seatNos: [], places: [{ zoneNo, quantity: 1 }] }
}
