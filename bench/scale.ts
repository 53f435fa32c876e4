import { randomUUID } from 'node:crypto'
import { clearBooks, clearHolds } from './books.ts'
import { alternate, mediansOf, rounded, roundOf } from './figures.ts'
import { makeHall } from './halls.ts'
import type { Bench, Lab } from './lab.ts'
import { type Hall, showIdsOf } from './load/hall.ts'
import { makeOldOrders } from './old-orders.ts'
import { openShop, type Shop } from './shop.ts'

const SHOWS = 8
const [SMALL, BIG] = [1_000, 100_000]
const HOLDS_PER_SECOND = 200
const HOLD_CONNECTIONS = 64
const RATIO_MAX = 1.3

/** Whether a hold takes longer where much was sold: two shops side by side, which take turns. */
export const scale: Bench = {
  what: 'p50 of a hold, 200/s: 100,000 seats per show, every second pair sold, 5 M orders (--orders) ÷ 1,000 seats per show and no orders',
  target: `ratio <= ${RATIO_MAX}`,
  async run(lab) {
    const small = await makeHall(lab.shop, { code: 'chica', shows: SHOWS, seatsPerShow: SMALL })
    await clearBooks(lab.shop, showIdsOf(small))
    lab.say('  a second shop, for what is big')
    const shop = await openShop(lab.shop.instance.instance + 1, () => {})
    const end = () => void shop.end()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
    try {
      const beganMs = performance.now()
      const big = await makeHall(shop, { code: 'grande', shows: SHOWS, seatsPerShow: BIG })
      await makeOldOrders(shop, big, lab.orders)
      const filledSeconds = (performance.now() - beganMs) / 1_000
      await visit(shop, big)
      lab.say(`  ${lab.orders} orders after ${filledSeconds.toFixed(0)} s`)
      const turns = await alternate(
        lab.rounds,
        () => holdTurn(lab, shop, big, 'big'),
        () => holdTurn(lab, lab.shop, small, 'small')
      )
      const rounds = turns.map(({ ours, baseline }) => roundOf(ours.p50, baseline.p50))
      const medians = mediansOf(rounds)
      const figures = { unit: 'ms', orders: lab.orders, filledSeconds, turns }
      return { ...medians, holds: medians.ratio <= RATIO_MAX, figures, rounds }
    } finally {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, end)
      await shop.end()
    }
  }
}

const VISIT_MS_MAX = 60_000

/** Who sells has read these houses before, one after the other: what the first buyer of a new house waits for is another matter. */
async function visit({ instance: { reservationUrls, tokens } }: Shop, hall: Hall): Promise<void> {
  for (const url of reservationUrls) {
    for (const showId of showIdsOf(hall)) {
      const response = await fetch(`${url}/holds/${randomUUID()}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${tokens.orchestratorToReservation}`, 'content-type': 'application/json' },
        body: JSON.stringify({ showId, seatNos: [hall.seatsPerShow], places: [] }),
        signal: AbortSignal.timeout(VISIT_MS_MAX)
      })
      await response.arrayBuffer()
    }
  }
}

async function holdTurn({ load, seconds, say }: Lab, shop: Shop, hall: Hall, side: string) {
  await clearHolds(shop)
  const report = await load.run('holds', {
    urls: shop.instance.reservationUrls,
    token: shop.instance.tokens.orchestratorToReservation,
    connections: HOLD_CONNECTIONS,
    perSecond: HOLDS_PER_SECOND,
    wishes: wishesIn(hall, HOLDS_PER_SECOND * seconds)
  })
  const { ok, okMs, refused, errors, wrong } = report
  if (ok !== HOLDS_PER_SECOND * seconds) throw new Error(`void: ${ok} holds, and ${JSON.stringify({ refused, errors, wrong })}`)
  say(`  ${side.padEnd(10)} ${JSON.stringify(rounded(okMs))}`)
  return okMs
}

/** Pairs of free seats all over the halls: of every two pairs the second is never sold. */
export function wishesIn({ firstShowId, shows, seatsPerShow }: Hall, count: number): Array<{ showId: number; seatNos: [number, number] }> {
  const blocks = Math.floor(seatsPerShow / 4)
  const each = Math.ceil(count / shows)
  if (each > blocks) throw new Error(`a hall of ${seatsPerShow} seats is too small for ${count} holds in ${shows} shows`)
  return Array.from({ length: count }, (_, n) => {
    const first = 4 * Math.floor((Math.floor(n / shows) * blocks) / each) + 3
    return { showId: firstShowId + (n % shows), seatNos: [first, first + 1] }
  })
}
