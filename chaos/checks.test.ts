import t from 'tap'
import { type Violation, violationsIn } from './checks.ts'
import { type Entry, storiesIn } from './history.ts'
import { emailOf } from './load/browsers.ts'
import type { Sold } from './sold.ts'

const HELD_UNTIL = '2026-01-01T00:10:00.000Z'
const HOLD = { op: 'hold' as const }
const MAP = { op: 'map' as const }

t.test('a history with unknown outcomes, refusals and a failover in it breaks nothing', async (t) => {
  const { entries, sold } = clean()

  t.strictSame(violationsIn(storiesIn(entries), sold), [])
})

const BROKEN: Array<[what: string, breakIt: (world: World) => void, check: Violation['check'], said: RegExp]> = [
  ['a seat in the books of two orders', ({ sold }) => orderOf(sold, 'b').seats.push('1/1'), 'doubled', /seat 1\/1 was sold to a and to b/],
  [
    'a seat told to two buyers, of whom the books know one',
    ({ entries }) => entries.push(invoke('z', 9, [1]), ok('z', 10)),
    'doubled',
    /seat 1\/1 was sold to z and to a|seat 1\/1 was sold to a and to z/
  ],
  ['an acknowledged order that is not there', ({ sold }) => void sold.orders.shift(), 'lost', /order a is lost/],
  ['an acknowledged order that is void', ({ sold }) => (orderOf(sold, 'a').state = 'void'), 'lost', /order a is lost/],
  [
    'an acknowledged order with other seats',
    ({ sold }) => (orderOf(sold, 'a').seats = ['1/7']),
    'lost',
    /a was told to have 1\/1 and has 1\/7/
  ],
  ['an acknowledged order at another price', ({ sold }) => (orderOf(sold, 'a').totalClp = 1), 'lost', /told to cost 100 and costs 1/],
  ['an acknowledged hold that is not there', ({ sold }) => void sold.holds.shift(), 'lost', /hold h of 1\/5 is lost/],
  ['a purchase seen to succeed that is not there', ({ sold }) => void sold.orders.pop(), 'lost', /order order-of-p is lost/],
  ['an order nobody asked for', ({ sold }) => sold.orders.push(order('ghost', ['1/9'])), 'phantom', /nobody asked for order ghost/],
  [
    'one purchase that made two orders',
    ({ sold }) => sold.orders.push({ ...order('twin', ['1/9']), email: emailOf('p') }),
    'phantom',
    /one purchase .* made 2 orders/
  ],
  [
    'an order that was refused',
    ({ sold }) => sold.orders.push(order('r', ['1/8'])),
    'refused and done',
    /sale r was refused \(SEAT_TAKEN\) and is there/
  ],
  ['a hold that was refused', ({ sold }) => sold.holds.push({ holdId: 'q', seats: ['1/6'] }), 'refused and done', /hold q was refused/],
  [
    'a reign that writes after a later one has answered',
    ({ sold }) => (orderOf(sold, 'c').epoch = 1),
    'two writers',
    /order c was written in reign 1, and asked for after reign 2 had answered/
  ],
  [
    'two answers to one id',
    ({ entries }) => entries.push(ok('a', 20, { digest: 'other' })),
    'told twice',
    /sale a was answered in two ways/
  ],
  [
    'a held seat that is sold to somebody else',
    ({ entries, sold }) => {
      entries.push(invoke('thief', 30, [5]), ok('thief', 31))
      sold.orders.push(order('thief', ['1/5'], 2))
    },
    'hold broken',
    /seat 1\/5 was held as h and sold as thief/
  ],
  [
    'a sale of a seat at the same time as its hold',
    ({ entries, sold }) => {
      entries.push(invoke('racer', 1, [5]), ok('racer', 3))
      sold.orders.push(order('racer', ['1/5'], 2))
    },
    'hold broken',
    /seat 1\/5 was held as h and sold as racer/
  ],
  [
    'a seat held by two at the same time',
    ({ entries, sold }) => {
      entries.push(invoke('h2', 1, [5, 6], HOLD), ok('h2', 3, { ...HOLD, heldUntilMs: Date.parse(HELD_UNTIL) + 5 }))
      sold.holds.push({ holdId: 'h2', seats: ['1/5', '1/6'] })
    },
    'hold broken',
    /seat 1\/5 was held as h and held as h2/
  ],
  [
    'a refusal of seats that nobody else asked for',
    ({ entries }) => entries.push(invoke('n', 9, [20, 21]), refused('n', 10)),
    'refused for nothing',
    /sale n was refused \(SEAT_TAKEN\), and nobody else asked for its seats/
  ],
  [
    'a seat that is shown as free to who was told to have it',
    ({ entries }) => entries.push(invoke('a', 20, [1], MAP), ok('a', 21, { ...MAP, showId: 1, free: [1] })),
    'stale',
    /seat 1\/1 was shown as free to a, who has it/
  ],
  [
    'a «no» to one who was told «yes»',
    ({ entries }) => entries.push(invoke('a', 20, [1]), refused('a', 21)),
    'told twice',
    /sale a was answered in two ways/
  ]
]

t.test('what is broken is found, and by the check that is for it', async (t) => {
  for (const [what, breakIt, check, said] of BROKEN) {
    const world = clean()
    breakIt(world)

    const found = violationsIn(storiesIn(world.entries), world.sold)

    t.ok(
      found.some((violation) => violation.check === check && said.test(violation.what)),
      `${what}: ${JSON.stringify(found)}`
    )
  }
})

t.test('an order that was made before the failover and is acknowledged after it is no second writer', async (t) => {
  const { entries, sold } = clean()
  entries.push(invoke('late', 4, [11]), unknown('late', 5), invoke('late', 8, [11]), ok('late', 12))
  sold.orders.push(order('late', ['1/11'], 1))

  t.strictSame(violationsIn(storiesIn(entries), sold), [])
})

t.test('who was told, asks again and gets no answer has been told the same', async (t) => {
  const { entries, sold } = clean()
  entries.push(invoke('a', 20, [1]), unknown('a', 21), invoke('a', 20, [1]), ok('a', 22))

  const stories = storiesIn(entries)

  t.strictSame(violationsIn(stories, sold), [])
  t.equal(stories.find(({ key }) => key === 'a')!.last!.type, 'ok')
})

t.test('a seat whose hold has run out is anybody’s', async (t) => {
  const { entries, sold } = clean()
  const later = { wall: '2026-01-01T00:10:01.000Z' }
  entries.push(invoke('next', 30, [5]), ok('next', 31, later))
  sold.orders.push(order('next', ['1/5'], 2))
  entries.push(...[invoke('h8', 1, [8], HOLD), ok('h8', 2, { ...HOLD, heldUntilMs: Date.parse(HELD_UNTIL) })])
  entries.push(invoke('h9', 30, [8], HOLD), ok('h9', 31, { ...HOLD, ...later, heldUntilMs: Date.parse(HELD_UNTIL) + 600_000 }))
  sold.holds.push({ holdId: 'h8', seats: ['1/8'] }, { holdId: 'h9', seats: ['1/8'] })

  t.strictSame(violationsIn(storiesIn(entries), sold), [])
})

interface World {
  entries: Entry[]
  sold: Sold
}

/** Reign 1 answers a; reign 2 answers b, which was asked for before, and c, which was asked for after it. */
function clean(): World {
  const purchase = { op: 'purchase' as const, orderId: 'order-of-p' }
  return {
    entries: [
      ...[invoke('a', 1, [1]), ok('a', 2), invoke('b', 3, [2]), unknown('b', 4), invoke('b', 5, [2]), ok('b', 6)],
      ...[invoke('c', 7, [3]), ok('c', 8), invoke('u', 3, [4]), unknown('u', 9)],
      ...[invoke('h', 1, [5], HOLD), ok('h', 2, { ...HOLD, heldUntilMs: Date.parse(HELD_UNTIL) })],
      ...[invoke('r', 1, [1]), refused('r', 2), invoke('q', 1, [1], HOLD), refused('q', 2, HOLD)],
      ...[invoke('p', 1, [], purchase), ok('p', 9, purchase), invoke('look', 1, [], { op: 'read' }), ok('look', 2, { op: 'read' })],
      ...[invoke('a', 3, [1], MAP), ok('a', 4, { ...MAP, free: [] }), invoke('page', 1, [], { op: 'page' })]
    ],
    sold: {
      orders: [
        ...[order('a', ['1/1'], 1), order('b', ['1/2'], 2), order('c', ['1/3'], 2), order('u', ['1/4'], 1)],
        { ...order('gone', []), state: 'void' },
        { ...order('order-of-p', ['9/9'], 2), email: emailOf('p') }
      ],
      holds: [{ holdId: 'h', seats: ['1/5'] }]
    }
  }
}

function order(orderId: string, seats: string[], epoch = 2): Sold['orders'][number] {
  return { orderId, state: 'made', totalClp: 100, email: emailOf(orderId), seats, epoch }
}

function orderOf({ orders }: Sold, orderId: string): Sold['orders'][number] {
  return orders.find((order) => order.orderId === orderId)!
}

function invoke(key: string, atMs: number, seatNos: number[], more: Partial<Entry> = {}): Entry {
  return entry('invoke', key, atMs, { showId: 1, seatNos, ...more })
}

function ok(key: string, atMs: number, more: Partial<Entry> = {}): Entry {
  return entry('ok', key, atMs, { totalClp: 100, digest: 'same', ...more })
}

function unknown(key: string, atMs: number): Entry {
  return entry('unknown', key, atMs, {})
}

function refused(key: string, atMs: number, more: Partial<Entry> = {}): Entry {
  return entry('refused', key, atMs, { code: 'SEAT_TAKEN', ...more })
}

function entry(type: Entry['type'], key: string, atMs: number, more: Partial<Entry>): Entry {
  return { type, op: 'sale', key, try: 1, atMs, wall: '2026-01-01T00:00:00.000Z', ...more }
}
