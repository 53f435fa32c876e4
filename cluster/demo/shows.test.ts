import { readFile } from 'node:fs/promises'
import t from 'tap'
import { demoBlocks } from './house-seats.ts'
import { exchangePlan, type Venue } from './plan.ts'
import { demoShows } from './shows.ts'
import { theatre } from './theatre.ts'
import { VENUES } from './venues.ts'
import type { AccessibleForm } from './wheelchairs.ts'

const HOUSES = Object.values(VENUES).map((draw) => draw())
const SHOWS = demoShows(new Date('2027-06-10T15:00:00Z'))

t.test('the shows sell categories and zones that their plans have, at the times they say', async (t) => {
  for (const { code, form } of SHOWS) {
    const venue = HOUSES.find(({ code }) => code === form.planCode)!
    t.ok(
      form.prices.every(({ category }) => venue.categories.some(({ name }) => name === category)),
      code
    )
    t.ok(form.prices.length + form.zones.length > 0, `${code} sells something`)
    t.ok(form.doorsAt < form.startsAt && form.salesFrom < form.salesUntil, code)
    t.ok(form.description.es.length <= 2_000 && form.title.length <= 80, code)
  }
  t.equal(
    SHOWS.find(({ code }) => code === 'luz-de-invierno')!.form.startsAt,
    '2027-07-29T01:00:00.000Z',
    'nine in the evening in Santiago'
  )
  t.equal(new Set(SHOWS.map(({ form }) => form.planCode)).size, HOUSES.length, 'every venue plays')
})

t.test('a ticket type that costs less is one of the show, and not its first', async (t) => {
  const priced = SHOWS.flatMap(({ code, form }) =>
    [...form.prices, ...form.zones].flatMap(({ reduced = [], ...full }) =>
      reduced.map((price) => ({ code, price, full, types: form.ticketTypes ?? [] }))
    )
  )

  t.ok(priced.length > 0)
  for (const { code, price, full, types } of priced) {
    t.ok(types.indexOf(price.ticketType) > 0 && price.priceClp < full.priceClp, `${code}: ${price.ticketType}`)
  }
})

t.test('a wheelchair stands at the end of a row, its companion sits beside it, and each seat is one of them', async (t) => {
  for (const { code, form } of SHOWS) {
    const rows = rowsOf(HOUSES.find(({ code }) => code === form.planCode)!)
    const seats = form.accessible.flatMap(({ seat, companions }) => [seat, ...companions])

    t.ok(form.accessible.length >= 4 && new Set(seats).size === seats.length, code)
    for (const { seat, companions } of form.accessible) {
      const row = rows.find((row) => row.includes(seat)) ?? []
      t.ok(seat === row[0] || seat === row.at(-1), seat)
      t.strictSame(
        companions.map((companion) => Math.abs(row.indexOf(companion) - row.indexOf(seat))),
        [1],
        `beside ${seat}`
      )
    }
  }
})

t.test('the best seats are near to the middle of the stage or of the pitch', async (t) => {
  const focusOf = (code: string) => SHOWS.find(({ form }) => form.planCode === code)!.form.focus

  for (const venue of HOUSES) {
    const [zone] = exchangePlan(venue).zones.filter(({ name }) => name === venue.stage)
    const points = zone!.areas.flatMap(({ position, polygon }) =>
      polygon.points.map(({ x, y }) => ({ x: zone!.position.x + position.x + x, y: zone!.position.y + position.y + y }))
    )
    const { x, y } = focusOf(venue.code)
    for (const [at, values] of Object.entries({ x: points.map(({ x }) => x), y: points.map(({ y }) => y) })) {
      const middle = (Math.min(...values) + Math.max(...values)) / 2
      t.ok(Math.abs((at === 'x' ? x : y) - middle) < 1, `${venue.code}: ${at} of ${x}, ${y}`)
    }
  }
})

t.test('house seats are seats that their show sells to anybody, and leave nobody alone in a row', async (t) => {
  for (const { show, block, form } of demoBlocks()) {
    const { planCode, prices, accessible } = SHOWS.find(({ code }) => code === show)!.form
    const venue = HOUSES.find(({ code }) => code === planCode)!
    const kept = seatsOf(venue).filter(({ guid }) => form.seats.includes(guid))

    t.equal(kept.length, form.seats.length, `${block}: every seat is in the plan`)
    t.ok(
      kept.every(
        (seat) => prices.some(({ category }) => category === seat.category) && !accessible.some(({ seat: guid }) => guid === seat.guid)
      )
    )
    for (const row of rowsOf(venue).filter((row) => row.some((guid) => form.seats.includes(guid)))) {
      const free = row.map((guid) => (form.seats.includes(guid) ? ' ' : 'x')).join('')
      t.ok(
        free.split(' ').every((run) => run.length !== 1),
        `${block}: «${free}»`
      )
    }
  }
})

t.test('the example in docs/shows.md can be tried in the theatre of the demo', async (t) => {
  const text = await readFile(new URL('../../docs/shows.md', import.meta.url), 'utf8')
  const [show, block] = [...text.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json]) => JSON.parse(json!))
  const house = theatre()
  const guids = new Set(seatsOf(house).map(({ guid }) => guid))

  const seats: string[] = [...show.accessible.flatMap((group: AccessibleForm) => [group.seat, ...group.companions]), ...block.seats]
  const categories: string[] = show.prices.map(({ category }: { category: string }) => category)

  t.equal(show.planCode, house.code)
  t.strictSame(
    seats.filter((guid) => !guids.has(guid)),
    []
  )
  t.strictSame(
    categories.filter((category) => !house.categories.some(({ name }) => name === category)),
    []
  )
})

/** The guids of each row, from one end to the other. */
function rowsOf(venue: Venue): string[][] {
  return exchangePlan(venue).zones.flatMap((zone) => zone.rows.map((row) => row.seats.map((seat) => seat.seat_guid)))
}

function seatsOf(venue: Venue): Array<{ guid: string; category: string }> {
  return exchangePlan(venue).zones.flatMap(({ rows }) =>
    rows.flatMap(({ seats }) => seats.map(({ seat_guid: guid, category }) => ({ guid, category })))
  )
}
