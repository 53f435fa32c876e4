import t from 'tap'
import { demoBlocks } from './house-seats.ts'
import { exchangePlan, type Venue } from './plan.ts'
import { demoShows } from './shows.ts'
import { theatre } from './theatre.ts'
import { VENUES as HOUSES } from './venues.ts'

const SEAT_PX_MIN = 10 // two circles of radius 5 that touch
const VENUES = Object.values(HOUSES).map((draw) => draw())
const SHOWS = demoShows(new Date('2027-06-10T15:00:00Z'))

t.test('the venues have the sizes of the real houses', async (t) => {
  const [theatreSeats, arenaSeats, stadiumSeats] = VENUES.map((venue) => placed(venue).length) as [number, number, number]

  t.ok(theatreSeats > 1_400 && theatreSeats < 1_600, `${theatreSeats} seats in the theatre`)
  t.ok(arenaSeats > 10_500 && arenaSeats < 11_500, `${arenaSeats} numbered seats in the arena`)
  t.ok(stadiumSeats > 47_500 && stadiumSeats < 48_700, `${stadiumSeats} seats in the stadium`)
})

t.test('every seat has a guid and a label of its own, a known category, and room to sit', async (t) => {
  for (const venue of VENUES) {
    const seats = placed(venue)
    const categories = new Set(venue.categories.map(({ name }) => name))

    t.equal(new Set(seats.map(({ guid }) => guid)).size, seats.length, `${venue.code}: guids`)
    t.equal(new Set(seats.map(({ label }) => label)).size, seats.length, `${venue.code}: labels`)
    t.ok(
      seats.every(({ category }) => categories.has(category)),
      `${venue.code}: categories`
    )
    t.ok(closest(seats) >= SEAT_PX_MIN, `${venue.code}: the closest two seats are ${closest(seats).toFixed(1)} px apart`)
  }
})

t.test('everything lies inside the size of the plan', async (t) => {
  for (const venue of VENUES) {
    const { size } = exchangePlan(venue)

    t.ok(
      placed(venue).every(({ x, y }) => x > 0 && y > 0 && x < size.width && y < size.height),
      venue.code
    )
  }
})

t.test('a theatre row has odd numbers on the left, even ones on the right, and 1 and 2 in its middle', async (t) => {
  const row = theatre().sections[0]!.rows[0]!.seats

  const numbers = row.map(({ label }) => Number(label))

  t.ok(row[0]!.x < row.at(-1)!.x, 'seats are written down from left to right')
  t.equal(numbers.indexOf(2), numbers.indexOf(1) + 1)
  t.strictSame(
    numbers.filter((n) => n % 2 === 1),
    numbers.slice(0, Math.ceil(numbers.length / 2))
  )
})

t.test('the shows sell categories and zones that their plans have, at the times they say', async (t) => {
  for (const { code, form } of SHOWS) {
    const venue = VENUES.find(({ code }) => code === form.planCode)!
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
  t.equal(new Set(SHOWS.map(({ form }) => form.planCode)).size, VENUES.length, 'every venue plays')
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
    const rows = rowsOf(VENUES.find(({ code }) => code === form.planCode)!)
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

  for (const venue of VENUES) {
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
    const venue = VENUES.find(({ code }) => code === planCode)!
    const kept = placed(venue).filter(({ guid }) => form.seats.includes(guid))

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

/** The guids of each row, from one end to the other. */
function rowsOf(venue: Venue): string[][] {
  return exchangePlan(venue).zones.flatMap((zone) => zone.rows.map((row) => row.seats.map((seat) => seat.seat_guid)))
}

interface Placed {
  x: number
  y: number
  guid: string
  label: string
  category: string
}

/** Every seat where an importer puts it: zone, row and seat positions added up. */
function placed(venue: Venue): Placed[] {
  return exchangePlan(venue).zones.flatMap((zone) =>
    zone.rows.flatMap((row) =>
      row.seats.map((seat) => ({
        x: zone.position.x + row.position.x + seat.position.x,
        y: zone.position.y + row.position.y + seat.position.y,
        guid: seat.seat_guid,
        label: `${zone.name} ${row.row_number} ${seat.seat_number}`,
        category: seat.category
      }))
    )
  )
}

function closest(seats: Placed[]): number {
  const cells = Map.groupBy(seats, ({ x, y }) => `${Math.floor(x / 20)},${Math.floor(y / 20)}`)
  const near = ({ x, y }: Placed) =>
    [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => cells.get(`${Math.floor(x / 20) + dx},${Math.floor(y / 20) + dy}`) ?? []))
  return seats
    .flatMap((seat) => near(seat).map((other) => (other === seat ? Infinity : Math.hypot(other.x - seat.x, other.y - seat.y))))
    .reduce((least, px) => Math.min(least, px))
}
