import { alternate, mediansOf, roundOf } from './figures.ts'
import { makeHall } from './halls.ts'
import type { Bench } from './lab.ts'
import { salesHall, sellTurn, told } from './sales.ts'

const SEATS = 48_000
const RATIO_MIN = 0.7

/** Whether a single show that everybody wants sells as fast as many together. A turn ends when the stadium is full. */
export const oneShow: Bench = {
  what: 'purchases/s with all buyers at one show of 48,000 seats ÷ spread over 50 shows',
  target: `ratio >= ${RATIO_MIN}`,
  async run(lab) {
    const { reservationUrls } = lab.shop.instance
    const one = await makeHall(lab.shop, { code: 'estadio', shows: 1, seatsPerShow: SEATS })
    const many = await salesHall(lab)
    const pids = await lab.shop.servicePids()
    const turns = await alternate(
      lab.rounds,
      told(lab, 'one show', () => sellTurn(lab, one, reservationUrls, pids)),
      told(lab, '50 shows', () => sellTurn(lab, many, reservationUrls, pids))
    )
    const rounds = turns.map(({ ours, baseline }) => roundOf(ours.perSecond, baseline.perSecond))
    const medians = mediansOf(rounds)
    return { ...medians, holds: medians.ratio >= RATIO_MIN, figures: { unit: 'purchases/s', turns }, rounds }
  }
}
