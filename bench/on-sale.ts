import { arrivalsMs } from './arrivals.ts'
import { clearBooks, faultsAfter } from './books.ts'
import { alternate, mediansOf, type Quantiles, rounded, roundOf } from './figures.ts'
import { makeHall } from './halls.ts'
import type { Bench, Lab } from './lab.ts'
import { type Hall, showIdsOf } from './load/hall.ts'
import type { OnSaleReport } from './load/on-sale.ts'
import type { Report } from './load/tally.ts'
import { mustAddUp } from './sales.ts'

const BUYERS = 967
const SECONDS = 17
const PEAK_PER_SECOND = 134
const CHOICES_MAX = 3
/** A few more than all of them want: at the end there is little left to choose from. */
const SEATS = 2_000
const CONNECTIONS = 64
const P99_MS_MAX = 50
const RATIO_MAX = 5

/** As a real on-sale was: EMF camp, March 2026. */
export const onSale: Bench = {
  what: '967 buyers in 17 s, peak 134/s, maps open, 3 choices each: p99 of hold and of order ÷ p99 of a bare begin/insert/commit at the same arrivals',
  target: `p99 < ${P99_MS_MAX} ms, ratio <= ${RATIO_MAX}, no errors`,
  async run(lab) {
    const hall = await makeHall(lab.shop, { code: 'preventa', shows: 1, seatsPerShow: SEATS })
    await makeBareTable(lab)
    let seed = 0
    const turns = await alternate(
      lab.rounds,
      () => sellOut(lab, hall, ++seed),
      () => commitBarely(lab)
    )
    const rounds = turns.map(({ ours, baseline }) => roundOf(slower(ours), baseline.p99))
    const medians = mediansOf(rounds)
    const errors = turns.reduce((sum, { ours }) => sum + errorsIn(ours), 0)
    const holds = medians.ours < P99_MS_MAX && medians.ratio <= RATIO_MAX && errors === 0
    return {
      ...medians,
      holds,
      figures: { unit: 'ms', errors, turns: turns.map(({ ours, baseline }) => ({ ours: shortOf(ours), bare: baseline })) },
      rounds
    }
  }
}

async function sellOut(lab: Lab, hall: Hall, seed: number): Promise<OnSaleReport> {
  const { shop, load, say } = lab
  await clearBooks(shop, showIdsOf(hall))
  const report = await load.run('onSale', {
    urls: shop.instance.reservationUrls,
    token: shop.instance.tokens.orchestratorToReservation,
    connections: CONNECTIONS,
    showId: hall.firstShowId,
    seats: hall.seatsPerShow,
    arrivalsMs: arrivalsMs(BUYERS, SECONDS, PEAK_PER_SECOND),
    choicesMax: CHOICES_MAX,
    seed
  })
  const wrong = [report.map, report.hold, report.order].flatMap((tally) => tally.wrong)
  if (wrong.length > 0) throw new Error(`void: ${wrong.join('; ')}`)
  mustAddUp(await faultsAfter(shop, report.order.ok))
  say(`  ours       ${JSON.stringify(rounded(shortOf(report)))}`)
  return report
}

async function commitBarely({ shop, load, say }: Lab): Promise<Quantiles> {
  await clearBooks(shop, [])
  const quantiles = await load.run('bareCommits', {
    postgresUrl: shop.sellingUrl,
    connections: CONNECTIONS,
    arrivalsMs: arrivalsMs(BUYERS, SECONDS, PEAK_PER_SECOND),
    commits: 2 // a hold and an order
  })
  say(`  bare       ${JSON.stringify(rounded(quantiles))}`)
  return quantiles
}

async function makeBareTable({ shop: { superuser } }: Lab): Promise<void> {
  await superuser.query('create schema if not exists bench')
  await superuser.query('create table if not exists bench.bare (id uuid primary key, at timestamptz not null default clock_timestamp())')
  await superuser.query('grant usage on schema bench to selling')
  await superuser.query('grant insert on bench.bare to selling')
}

/** Refusals are answers, and count as slow as they are. */
function slower({ hold, order }: OnSaleReport): number {
  return Math.max(hold.allMs.p99, order.allMs.p99)
}

function errorsIn({ map, hold, order }: OnSaleReport): number {
  return [map, hold, order].flatMap(({ errors }) => Object.values(errors)).reduce((sum, count) => sum + count, 0)
}

function shortOf({ map, hold, order, empty }: OnSaleReport) {
  const one = ({ ok, refused, errors, allMs }: Report) => ({ ok, refused, errors, p50: allMs.p50, p99: allMs.p99, max: allMs.max })
  return { map: one(map), hold: one(hold), order: one(order), leftWithout: empty }
}
