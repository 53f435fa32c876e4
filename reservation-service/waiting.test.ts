import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { isUnavailable, Refusal, unavailable } from '../chassis/errors.ts'
import { testDatabase } from '../db/test-database.ts'
import { openAvailability } from './availability.ts'
import { BUYER, choice, givenShow } from './given.ts'
import { givenLanes } from './given-lanes.ts'
import { releaseHold } from './release-hold.ts'
import { openSeller, type Seller } from './seller.ts'

/** As long as a failover may take, in small. */
const AWAY_MS = 300
const [AWAY, ON_TIME_MS] = [unavailable('the primary database'), 3_000]

t.test('every command waits for a writer, and is then done as ever', async (t) => {
  const { seller, away } = await givenSeller(t)
  const id = randomUUID()

  away(AWAY_MS)
  const { totalClp } = await seller.hold(id, choice([1]))
  away(AWAY_MS)
  t.equal((await seller.showOf(id)).row.show_id, 1)
  away(AWAY_MS)
  const order = await seller.order(id, { holdId: id, buyer: BUYER, language: 'es', totalClp })
  away(AWAY_MS)
  t.equal(await seller.alone((tx) => releaseHold(tx, id)), false, 'it was sold')

  t.equal(order.orderId, id)
})

t.test('of a show that nobody has read yet too', async (t) => {
  const { seller, away } = await givenSeller(t)
  away(AWAY_MS)

  const holds = await Promise.all([1, 2, 3].map((seatNo) => seller.hold(randomUUID(), choice([seatNo]))))

  t.equal(holds.length, 3)
})

t.test('a refusal is told at once, and what is not there is not waited for', async (t) => {
  const { seller } = await givenSeller(t)
  const asked = performance.now()

  t.ok((await failure(seller.showOf(randomUUID()))) instanceof Refusal)
  t.match(await failure(seller.hold(randomUUID(), { ...choice([1]), showId: 99 })), { code: 'SHOW_UNKNOWN' })
  t.ok(performance.now() - asked < ON_TIME_MS)
})

t.test('at its deadline a command is told that nothing was done, wherever it waited until then', async (t) => {
  const { seller, away } = await givenSeller(t, { answerMsMax: 400 })
  const id = randomUUID()
  await seller.hold(id, choice([1]))
  away(60_000)
  const beganMs = performance.now()

  const failures = await Promise.all([
    failure(seller.hold(randomUUID(), choice([2]))),
    failure(seller.hold(randomUUID(), { ...choice([2]), showId: 2 })),
    failure(seller.order(id, { holdId: id, buyer: BUYER, language: 'es', totalClp: 1 })),
    failure(seller.alone((tx) => releaseHold(tx, id)))
  ])

  const tookMs = performance.now() - beganMs
  t.ok(failures.every(isUnavailable), failures.map(String).join())
  t.ok(tookMs > 300 && tookMs < ON_TIME_MS, `after ${Math.round(tookMs)} ms`)
})

t.test('what a command waited for before its line is taken from its time there', async (t) => {
  const { enter, batches } = givenLanes({ answerMsMax: 60_000 })

  const late = enter(1, 'late', undefined, performance.now() - 60_001)

  t.ok(isUnavailable(await failure(late)))
  t.equal(batches.length, 0, 'it was never done')
})

t.test('so many wait for a writer and no more', async (t) => {
  const { seller, away } = await givenSeller(t, { waitingMax: 3 })
  away(AWAY_MS)
  const waiting = [1, 2, 3].map((no) => seller.alone(async () => no))
  const beganMs = performance.now()

  t.ok(isUnavailable(await failure(seller.alone(async () => 4))))
  t.ok(performance.now() - beganMs < AWAY_MS, 'at once')
  t.strictSame(await Promise.all(waiting), [1, 2, 3])
})

/** `away`: there is no writer for so long. */
async function givenSeller(t: Test, limits: object = {}): Promise<{ seller: Seller; away: (ms: number) => void }> {
  const pool = await testDatabase(t)
  t.teardown(() => pool.end())
  await givenShow(pool, { seats: 10 })
  let awayUntilMs = 0
  const writer = (): Pool => {
    if (performance.now() < awayUntilMs) throw AWAY
    return pool
  }
  const seller = openSeller({ writer, holdSeconds: 600, availability: openAvailability(writer), limits })
  const away = (ms: number) => {
    awayUntilMs = performance.now() + ms
  }
  return { seller, away }
}

function failure(command: Promise<unknown>): Promise<unknown> {
  return command.then(
    () => 'it worked',
    (err: unknown) => err
  )
}
