import { startPair } from './baselines/pair.ts'
import { clearBooks, faultsAfter } from './books.ts'
import { alternate, mediansOf, roundOf } from './figures.ts'
import { makeHall } from './halls.ts'
import type { Bench, Lab } from './lab.ts'
import { pairAt, showIdsOf } from './load/hall.ts'
import type { Report } from './load/tally.ts'
import { mustAddUp } from './sales.ts'

const BUYERS = 2_000
const RATIO_MAX = 3
const SEATS = 1_000

/** A stampede for two seats: who gets them, and how long everybody else waits for their no. */
export const hotSeats: Bench = {
  what: '2,000 buyers at once for the same 2 seats: p95 of those who lose ÷ p95 of a door that does nothing',
  target: `ratio <= ${RATIO_MAX}; one wins, all others hear SEAT_TAKEN`,
  async run(lab) {
    const { shop, load } = lab
    const hall = await makeHall(shop, { code: 'codiciada', shows: 1, seatsPerShow: SEATS })
    await clearBooks(shop, showIdsOf(hall))
    const pair = await startPair(shop, 'empty.ts', {})
    const token = shop.instance.tokens.orchestratorToReservation
    const common = { token, buyers: BUYERS, showId: hall.firstShowId }
    let stampedes = 0
    const ours = async () => {
      const { seatNos } = pairAt(hall, stampedes++)
      const report = await load.run('rush', { ...common, seatNos, urls: shop.instance.reservationUrls })
      mustAddUp(await faultsAfter(shop, stampedes))
      return told(lab, 'ours', report, report.otherMs.p95)
    }
    const empty = async () => {
      const report = await load.run('rush', { ...common, seatNos: [1, 2], urls: pair.urls, empty: true })
      return told(lab, 'empty', report, report.okMs.p95)
    }
    const turns = await alternate(lab.rounds, ours, empty).finally(pair.end)
    const rounds = turns.map(({ ours, baseline }) => roundOf(ours.p95, baseline.p95))
    const medians = mediansOf(rounds)
    const oneWins = turns.every(({ ours }) => ours.ok === 1 && ours.taken === BUYERS - 1)
    return { ...medians, holds: oneWins && medians.ratio <= RATIO_MAX, figures: { unit: 'ms', buyers: BUYERS, oneWins, turns }, rounds }
  }
}

interface Stampede {
  p95: number
  ok: number
  taken: number
  refused: Record<string, number>
  errors: Record<string, number>
  seconds: number
}

function told({ say }: Lab, side: string, { ok, refused, errors, seconds, wrong }: Report, p95: number): Stampede {
  if (wrong.length > 0) throw new Error(`void: ${wrong.join('; ')}`)
  const others = JSON.stringify({ ...refused, ...errors })
  say(`  ${side.padEnd(10)} p95 ${p95.toFixed(0).padStart(5)} ms  ${ok} answered 200, others ${others}, all in ${seconds.toFixed(2)} s`)
  return { p95, ok, taken: refused.SEAT_TAKEN ?? 0, refused, errors, seconds }
}
