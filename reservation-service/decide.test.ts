import fc from 'fast-check'
import t from 'tap'
import { orderCommand } from './commands.ts'
import { decide } from './decide.ts'
import { BEGAN } from './given-halls.ts'
import { forgetsBuyers, forgetsOrders, forgetsOwnPlaces, forgetsTheBatch, forgetsTheRow, forgetsTime } from './given-planted-decide.ts'
import { type Decide, play } from './given-play.ts'
import { histories } from './given-steps.ts'
import { factsOf, openStore } from './given-store.ts'
import { writeBatch } from './write-batch.ts'

const SEEDS = [1, 2, 3]
/** What is behind this is no part of a name to PostgreSQL. */
const NAME_CHARS_MAX = 63

t.test('thousands of histories, cut into batches anyhow, are decided as by one slow seller who takes them one by one', async (t) => {
  const { failed, counterexample, errorInstance } = fc.check(agreeing(decide), { numRuns: 5_000 })

  t.notOk(failed, `${String(errorInstance)} ${JSON.stringify(counterexample)}`)
})

t.test('such histories meet everything that may be said', async (t) => {
  const said = fc.sample(histories, { numRuns: 2_000, seed: 1 }).flatMap((history) => play(history).said)

  const kinds = new Set(said.map((one) => kindOf(one as Record<string, string>)))

  t.strictSame([...kinds].sort(), [
    ...['BUYER_LIMIT', 'COMPANION_ALONE', 'HOLD_MISMATCH', 'HOLD_RELEASED', 'HOLD_SOLD', 'HOLD_UNKNOWN', 'NOT_ON_SALE', 'NOT_TOGETHER'],
    ...['ORDER_MISMATCH', 'ORDER_VOID', 'ORPHAN_SEAT', 'PRICE_CHANGED', 'SEAT_TAKEN', 'SEAT_UNKNOWN', 'SHOW_UNKNOWN'],
    ...['TICKET_TYPE_UNKNOWN', 'TOO_MANY_TICKETS', 'ZONE_FULL', 'ZONE_UNKNOWN'],
    ...['hold', 'order', 'stale ORPHAN_SEAT', 'stale SEAT_TAKEN']
  ])
})

for (const [bug, decideWith, longest] of [
  ['forgets that a hold runs out', forgetsTime, 3],
  ['forgets what it gave in the same batch', forgetsTheBatch, 2],
  ['forgets its orders', forgetsOrders, 3],
  ['forgets what a hold has in a zone', forgetsOwnPlaces, 2],
  ['forgets what a buyer has', forgetsBuyers, 4],
  ['forgets the row of a seat', forgetsTheRow, 2]
] as Array<[string, Decide, number]>) {
  t.test(`a seller who ${bug} is found out, and fast-check tells the shortest story of it`, async (t) => {
    for (const seed of SEEDS) {
      const { failed, counterexample } = fc.check(agreeing(decideWith), { numRuns: 4_000, seed })
      const story = counterexample?.[0].steps.map(({ does }) => does).filter((does) => does !== 'nothing') ?? []

      t.ok(failed)
      t.ok(story.length <= longest, story.join(', '))
    }
  })
}

t.test('an order whose hold was not there when it came in, and is there now, is asked for again: nothing of it is locked', async (t) => {
  const store = openStore()
  const holdId = '00000000-0000-4000-8000-000000000001'
  const request = { holdId, buyer: { name: 'Ana', email: 'ana@example.cl' }, language: 'es' as const, totalClp: 7_000 }
  const command = orderCommand(holdId, request, undefined, undefined, undefined)
  const facts = factsOf(store, [command], new Date(BEGAN), false)
  facts.holds.set(holdId, {
    ...{ hold_id: holdId, show_id: 2, seat_nos: [1], zone_nos: [], quantities: [], type_nos: [], total_clp: 7_000 },
    ...{ held_until: new Date(BEGAN + 1), fingerprint: '', released_at: null, extended_until: null }
  })

  const { outcomes } = decide([command], facts)

  t.match(outcomes, [{ stale: Error }])
})

t.test('whatever a batch writes is a statement whose name PostgreSQL can tell from every other', async (t) => {
  const names = new Set<string>()
  const noting: Decide = (commands, facts) => {
    const decided = decide(commands, facts)
    const write = writeBatch(decided.writes)
    if (write) names.add(write.name!)
    return decided
  }

  for (const history of fc.sample(histories, { numRuns: 2_000, seed: 1 })) play(history, noting)

  t.ok(names.size > 10, `${names.size} different ones`)
  t.strictSame(
    [...names].filter((name) => name.length > NAME_CHARS_MAX),
    []
  )
})

function agreeing(decideWith: Decide) {
  return fc.property(histories, (history) => {
    const { faults } = play(history, decideWith)
    if (faults.length > 0) throw new Error(faults.join('; '))
  })
}

function kindOf({ no, stale, does }: Record<string, string>): string {
  return no ?? (stale ? `stale ${stale}` : does!)
}
