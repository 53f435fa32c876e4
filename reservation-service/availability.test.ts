import { gunzipSync } from 'node:zlib'
import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { unavailable } from '../chassis/errors.ts'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { createServer } from '../chassis/server.ts'
import type { Availability as Body } from '../contracts/selling.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { isTaken, openAvailability } from './availability.ts'
import { availabilityDoor } from './availability-http.ts'
import { givenShow } from './given.ts'

const TOKEN = 'orchestrator-to-reservation'
const SHOW = 1
const BYTES_MAX = 10_000

t.test('sold, held and blocked seats are taken; one whose hold ran out is free, and so are its places', async (t) => {
  const { owner, availability } = await givenAvailability(t, { seats: 12, zones: [5, 7] })
  await owner.query(`update selling.seats set state = 'sold', holder_id = gen_random_uuid() where seat_no = 1`)
  await hold(owner, 2, '10 minutes')
  await hold(owner, 3, '-1 second')
  await owner.query(`update selling.seats set state = 'blocked', holder_id = gen_random_uuid() where seat_no = 10`)
  await owner.query('delete from selling.seats where seat_no = 5') // a seat of the plan that this show does not sell
  await owner.query('update selling.show_zones set sold = 1, held = 3 where zone_no = 1')
  await owner.query(`insert into selling.holds values (gen_random_uuid(), 1, '{}', '{1}', '{3}', 0, now())`)
  await owner.query(`
    insert into selling.zone_holds
    select hold_id, 1, 1, 3, clock_timestamp() - interval '1 second' from selling.holds`)

  const map = await availability.of(SHOW)

  const numbers = Array.from({ length: 14 }, (_, i) => i + 1)
  t.strictSame(
    numbers.filter((seatNo) => !isTaken(map!, seatNo)),
    [3, 4, 6, 7, 8, 9, 11, 12]
  )
  t.ok(isTaken(map!, 0))
  t.strictSame([...map!.taken], [0b00010011, 0b11110010], 'seat 1 is the lowest bit of the first byte')
  t.strictSame(map!.zones, [
    { zoneNo: 1, free: 4 },
    { zoneNo: 2, free: 7 }
  ])
})

t.test('a thousand viewers cost one reading and one compression', async (t) => {
  const { availability, readings } = await givenAvailability(t, { seats: 100 })

  const bodies = await Promise.all(Array.from({ length: 1_000 }, () => availability.bodyOf(SHOW, 'br')))

  t.equal(readings(), 1)
  t.equal(new Set(bodies.map((body) => body?.bytes)).size, 1, 'the same bytes, not as many copies')
  t.equal(await availability.of(99), undefined, 'no such show')
})

t.test('a map is as old as its reader allows, counted from when it was asked for', async (t) => {
  const { owner, availability, readings } = await givenAvailability(t, { seats: 3 })
  const first = await availability.of(SHOW)
  await hold(owner, 2, '10 minutes')

  const [early, late] = [await availability.of(SHOW, 60_000), await availability.of(SHOW, 0)]
  const begun = availability.of(SHOW, 0)
  await new Promise((done) => setTimeout(done, 1))
  const [older, newer] = await Promise.all([begun, availability.of(SHOW, 0)])

  t.equal(early, first)
  t.notOk(isTaken(early!, 2))
  t.ok(isTaken(late!, 2))
  t.ok(newer!.atMs > older!.atMs, 'a reading that had begun before it was asked for is not shared')
  t.equal(readings(), 4)
})

t.test('half of 48,000 seats sold at random travel in less than 10 KB', async (t) => {
  const { owner, availability } = await givenAvailability(t, { seats: 48_000 })
  await owner.query(`update selling.seats set state = 'sold', holder_id = gen_random_uuid() where random() < 0.5`)
  const { rows } = await owner.query<{ seat_no: number }>('select seat_no from selling.seats where holder_id is not null')

  const [map, br, gzip] = [await availability.of(SHOW), await availability.bodyOf(SHOW, 'br'), await availability.bodyOf(SHOW, 'gzip')]

  const sold = new Set(rows.map(({ seat_no }) => seat_no))
  t.ok(Array.from({ length: 48_000 }, (_, i) => i + 1).every((seatNo) => isTaken(map!, seatNo) === sold.has(seatNo)))
  t.ok(br!.bytes.length < BYTES_MAX, `${br!.bytes.length} bytes`)
  t.ok(gzip!.bytes.length < BYTES_MAX, `${gzip!.bytes.length} bytes`)
  const body = JSON.parse(gunzipSync(gzip!.bytes).toString()) as Body
  t.ok(Buffer.from(body.taken, 'base64').equals(map!.taken))
})

t.test('more shows than are read at once are read in turn', async (t) => {
  const { owner, availability } = await givenAvailability(t, { seats: 1 })
  await owner.query(`
    insert into selling.shows
      (code, plan_id, fingerprint, title, description_es, description_en, genre, venue, address, city, starts_at, time_zone, sales_from,
       sales_until, service_fee_per_ticket_clp)
    select 'show-' || n, plan_id, fingerprint, title, '', '', genre, venue, address, city, starts_at, time_zone, sales_from, sales_until, 0
    from selling.shows, generate_series(2, 30) n`)

  const maps = await Promise.all(Array.from({ length: 30 }, (_, i) => availability.of(i + 1)))

  t.strictSame(
    maps.map((map) => map?.showId),
    Array.from({ length: 30 }, (_, i) => i + 1)
  )
})

t.test('the door gives the map to who has its token, and nothing to who has the map', async (t) => {
  const { owner, get } = await givenAvailability(t, { seats: 9, zones: [5] })

  const first = await get('/shows/1/availability', { 'accept-encoding': 'gzip' })
  const same = await get('/shows/1/availability', { 'if-none-match': String(first.headers.etag) })

  t.match(JSON.parse(gunzipSync(first.rawPayload).toString()), { showId: 1, taken: 'AP4=', zones: [{ zoneNo: 1, free: 5 }] })
  t.match(first.headers, { 'cache-control': 'no-cache', vary: 'accept-encoding', 'content-type': /^application\/json/ })
  t.match(same, { statusCode: 304, body: '' })
  await hold(owner, 1, '10 minutes')
  await new Promise((done) => setTimeout(done, 350)) // a map may be this old
  const changed = await get('/shows/1/availability', { 'if-none-match': String(first.headers.etag) })
  t.match([changed.statusCode, changed.json()], [200, { taken: 'Af4=' }])
  t.match(await get('/shows/2/availability'), { statusCode: 404, body: /SHOW_UNKNOWN/ })
  t.match(await get('/shows/x/availability'), { statusCode: 400 })
  t.match(await get('/shows/1/availability', { authorization: 'Bearer other' }), { statusCode: 401 })
})

t.test('while the database is away the door says so, and afterwards it answers again', async (t) => {
  const { get, leave, come } = await givenAvailability(t, { seats: 1 })
  leave()

  const away = await get('/shows/1/availability')
  come()

  t.match([away.statusCode, away.headers['retry-after'], away.json()], [503, '1', { code: 'UNAVAILABLE' }])
  t.match(await get('/shows/1/availability'), { statusCode: 200 })
})

/** The map of a show as its role sees it, and the door to it. */
async function givenAvailability(t: Test, show: { seats: number; zones?: number[] }) {
  const [url, log] = [await testDatabaseUrl(t), createLog('test', 'silent')]
  const [owner, pool] = [openPool(url, log), openPool(`${url}?options=-c%20role%3Dselling`, log)]
  await givenShow(owner, show)
  let [readings, away] = [0, false]
  const availability = openAvailability(() => {
    if (away) throw unavailable('the primary')
    readings++
    return pool
  })
  const app = createServer(log)
  await app.register(availabilityDoor, { availability, token: TOKEN })
  t.teardown(async () => {
    await app.close()
    await availability.close()
    await Promise.all([owner.end(), pool.end()])
  })
  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ url, headers: { authorization: `Bearer ${TOKEN}`, ...headers } })
  return { owner, availability, get, readings: () => readings, leave: () => (away = true), come: () => (away = false) }
}

async function hold(owner: Pool, seatNo: number, time: string): Promise<void> {
  await owner.query(
    `update selling.seats set state = 'held', holder_id = gen_random_uuid(), held_until = clock_timestamp() + $2::interval
     where show_id = 1 and seat_no = $1`,
    [seatNo, time]
  )
}
