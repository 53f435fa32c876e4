import { randomUUID } from 'node:crypto'
import t from 'tap'
import { unavailable } from '../chassis/errors.ts'
import { openPatience } from '../chassis/patience.ts'
import { givenShop } from './given-shop.ts'

const AWAY_MS = 400
const shop = await givenShop(t, 13)
await shop.startSeller()
const { kit, ask } = shop
const { pool } = kit

t.test('a purchase waits for a writer, and is then held as ever', async (t) => {
  away()

  const { status, body } = await choose(1)

  t.match([status, body.state], [200, 'held'])
})

t.test('over the limit of those who wait it is told at once to come again, and comes again', async (t) => {
  kit.patiently = openPatience({ answerMsMax: 5_000, commandsMax: 1 })
  away()
  const waiting = choose(2)
  const refused = await choose(3)

  t.match([refused.status, refused.body.code, refused.headers['retry-after']], [503, 'UNAVAILABLE', '1'])
  t.equal((await waiting).status, 200)
  t.equal((await choose(3)).status, 200)
})

function choose(seatNo: number) {
  return ask('PUT', `/purchases/${randomUUID()}`, { showId: 1, seatNos: [seatNo], places: [] })
}

/** There is no writer for a moment. */
function away(): void {
  const untilMs = performance.now() + AWAY_MS
  kit.pool = () => {
    if (performance.now() < untilMs) throw unavailable('the primary database')
    return pool()
  }
}
