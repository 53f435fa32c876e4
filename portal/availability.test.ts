import { setTimeout as sleep } from 'node:timers/promises'
import { brotliDecompressSync } from 'node:zlib'
import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { unavailable } from '../chassis/errors.ts'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { createServer } from '../chassis/server.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { openAvailabilityFeed } from './availability.ts'
import { availabilityHttp } from './availability-http.ts'
import { answerPages } from './error-pages.ts'
import { givenCatalogue } from './given-catalogue.ts'

const FEED = '/funciones/abierta/disponibilidad.json'
const FRESH_MS = 1_500

t.test('a page hears which seats are taken, how many are left where, and how old that is', async (t) => {
  const { get } = await givenFeed(t)

  const { headers, rawPayload } = await get(FEED, { 'accept-encoding': 'gzip, br' })

  t.match(headers, { 'content-encoding': 'br', 'cache-control': 'no-cache', age: '0', 'content-type': /^application\/json/ })
  t.match(JSON.parse(brotliDecompressSync(rawPayload).toString()), {
    showId: 1,
    ageSeconds: 0,
    taken: 'Ag==', // seat 2 alone: the hold of seat 3 has run out
    zones: [{ zoneNo: 1, free: 3 }],
    sections: [
      { sectionNo: 1, free: 11 },
      { sectionNo: 2, free: 12 }
    ]
  })
  t.match(await get('/funciones/nada/disponibilidad.json'), { statusCode: 404 })
  t.match(await get('/funciones/%3Cb%3E/disponibilidad.json'), { statusCode: 404 })
})

t.test('a thousand pages cost one reading; who has the map hears how old it is and nothing else', async (t) => {
  const { get, readings } = await givenFeed(t)
  const { headers } = await get(FEED)
  const before = readings()

  const answers = await Promise.all(Array.from({ length: 1_000 }, () => get(FEED, { 'if-none-match': String(headers.etag) })))

  t.equal(readings(), before)
  t.ok(answers.every(({ statusCode, body }) => statusCode === 304 && body === ''))
  t.match(answers[0]!.headers.age, /^[01]$/)
})

t.test('a seat that was sold shows after a moment, under another tag', async (t) => {
  const { get, owner } = await givenFeed(t)
  const first = await get(FEED)
  await owner.query("update selling.seats set state = 'sold', holder_id = gen_random_uuid() where show_id = 1 and seat_no = 24")

  await sleep(FRESH_MS + 50)
  const next = await get(FEED, { 'if-none-match': String(first.headers.etag) })

  t.match(next.json(), { taken: 'AgCA', sections: [{ free: 11 }, { free: 11 }] })
  t.not(next.headers.etag, first.headers.etag)
})

t.test('a read that the standby cancels is tried again', async (t) => {
  const { get, owner, impatient, use } = await givenFeed(t)
  await get('/funciones/abierta/disponibilidad.json')
  await sleep(FRESH_MS + 50)
  const blocker = await owner.connect()
  await blocker.query('begin; lock table selling.seats in access exclusive mode')
  let tries = 0
  use((pool) => {
    if (++tries === 1) return impatient
    if (tries === 2) blocker.query('rollback').then(() => blocker.release())
    return pool
  })

  const { statusCode, headers } = await get(FEED)

  t.match([statusCode, headers.age], [200, '0'])
  t.equal(tries, 3, 'cancelled, tried again, and asked how far behind')
})

t.test('while nothing can be read, what was seen last is shown with its true age', async (t) => {
  const { get, use } = await givenFeed(t)
  const first = await get(FEED)
  use(() => {
    throw unavailable('the database for reading')
  })

  await sleep(2_100)
  const later = await get(FEED)

  t.match([later.statusCode, later.json()], [200, { ageSeconds: 2, taken: 'Ag==' }])
  t.match(await get(FEED, { 'if-none-match': String(first.headers.etag) }), { statusCode: 304, headers: { age: '2' } })
  t.match(await get('/funciones/pronto/disponibilidad.json'), { statusCode: 503 }, 'what was never seen is not made up')
})

/** The feed on a catalogue of four shows; `use` stands between it and its pool. */
async function givenFeed(t: Test) {
  const [url, log] = [await testDatabaseUrl(t), createLog('test', 'silent')]
  const reader = `${url}?options=-c%20role%3Dcatalogue`
  const [owner, pool] = [openPool(url, log), openPool(reader, log)]
  const impatient = openPool(reader, log)
  impatient.options.statement_timeout = 20
  await givenCatalogue(owner)
  let [asked, choose] = [0, (pool: Pool) => pool]
  const app = createServer(log, answerPages)
  const feed = openAvailabilityFeed(() => {
    asked++
    return choose(pool)
  })
  await app.register(availabilityHttp, { feed })
  t.teardown(async () => {
    await app.close()
    await Promise.all([owner.end(), pool.end(), impatient.end()])
  })
  return {
    owner,
    impatient,
    get: (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers }),
    readings: () => asked,
    use: (other: typeof choose) => (choose = other)
  }
}
