import t from 'tap'
import { exchangePlan, type Venue } from './plan.ts'
import { theatre } from './theatre.ts'
import { VENUES } from './venues.ts'

const SEAT_PX_MIN = 10 // two circles of radius 5 that touch
const HOUSES = Object.values(VENUES).map((draw) => draw())

t.test('the venues have the sizes of the real houses', async (t) => {
  const [theatreSeats, arenaSeats, stadiumSeats] = HOUSES.map((venue) => placed(venue).length) as [number, number, number]

  t.ok(theatreSeats > 1_400 && theatreSeats < 1_600, `${theatreSeats} seats in the theatre`)
  t.ok(arenaSeats > 10_500 && arenaSeats < 11_500, `${arenaSeats} numbered seats in the arena`)
  t.ok(stadiumSeats > 47_500 && stadiumSeats < 48_700, `${stadiumSeats} seats in the stadium`)
})

t.test('every seat has a guid and a label of its own, a known category, and room to sit', async (t) => {
  for (const venue of HOUSES) {
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
  for (const venue of HOUSES) {
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
