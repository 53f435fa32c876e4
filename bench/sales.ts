import { clearBooks, faultsAfter } from './books.ts'
import { type CpuSeconds, startCpu } from './cpu.ts'
import { type Quantiles, rounded } from './figures.ts'
import { makeHall } from './halls.ts'
import type { Lab } from './lab.ts'
import { type Hall, showIdsOf } from './load/hall.ts'
import type { Report } from './load/tally.ts'
import { type Profile, startProfile } from './profile.ts'

export const CONNECTIONS = 64
const SHOWS = 50
/** Above what any turn sells: a hall that is sold out would sell nothing more. */
const PURCHASES_PER_SECOND_MAX = 20_000

/** What one side did in one turn. */
export interface Turn {
  perSecond: number
  /** Purchases for each second that a processor spent on services and databases. */
  perCpuSecond: number
  cpu: CpuSeconds
  /** Of the callers; where only a mean is known, that. */
  ms: Quantiles | { mean: number }
  profile?: Profile
}

/** Shows of the same plan with more seats than a turn can sell. */
export function salesHall({ shop, seconds }: Lab, noOrphanSeats = false): Promise<Hall> {
  const seatsPerShow = (2 * PURCHASES_PER_SECOND_MAX * seconds) / SHOWS
  const code = `sala-${seatsPerShow}${noOrphanSeats ? '-sin-huerfanos' : ''}`
  return makeHall(shop, { code, shows: SHOWS, seatsPerShow, noOrphanSeats })
}

const WARM_TURNS = 4

/** A service that has just begun is compiled while it runs: what it does in its first seconds is not what it does all day. */
export async function warmUp(lab: Lab): Promise<void> {
  const { shop, load, seconds } = lab
  const hall = await salesHall(lab)
  const token = shop.instance.tokens.orchestratorToReservation
  for (let turn = 0; turn < WARM_TURNS; turn++) {
    await clearBooks(shop, showIdsOf(hall))
    await load.run('sales', { urls: shop.instance.reservationUrls, token, connections: CONNECTIONS, seconds, hall })
  }
}

/**
 * A turn of buyers at the box office behind these doors, from empty books.
 *
 * @throws Error when an answer was wrong, or the books do not hold exactly what was answered.
 */
export async function sellTurn(lab: Lab, hall: Hall, urls: string[], servicePids: number[]): Promise<Turn> {
  const { shop, load, seconds } = lab
  await clearBooks(shop, showIdsOf(hall))
  const endProfile = await startProfile(shop, urls)
  const endCpu = await startCpu(shop, servicePids)
  const token = shop.instance.tokens.orchestratorToReservation
  const report = await load.run('sales', { urls, token, connections: CONNECTIONS, seconds, hall })
  const cpu = endCpu()
  const profile = await endProfile()
  mustBeRight(report)
  mustAddUp(await faultsAfter(shop, report.ok))
  const perCpuSecond = report.ok / (cpu.services + cpu.databases)
  return { perSecond: report.ok / report.seconds, perCpuSecond, cpu, ms: report.okMs, profile }
}

/** Free seats, asked for once: every other answer than «sold» is one too many. */
export function mustBeRight({ ok, refused, errors, wrong }: Report): void {
  const others = { ...refused, ...errors }
  if (ok > 0 && wrong.length === 0 && Object.keys(others).length === 0) return
  throw new Error(`void: ${ok} answers were right, and others were ${[...wrong, JSON.stringify(others)].join('; ')}`)
}

export function mustAddUp(faults: string[]): void {
  if (faults.length > 0) throw new Error(`void: the books do not hold what was answered: ${faults.join('; ')}`)
}

/** The same turn, and a line about it for who waits. */
export function told(lab: Lab, side: string, turn: () => Promise<Turn>): () => Promise<Turn> {
  return async () => {
    const done = await turn()
    const { perSecond, perCpuSecond, cpu } = done
    const used = `CPU ${cpu.services.toFixed(1)} + ${cpu.databases.toFixed(1)} s, others ${cpu.others.toFixed(1)} s`
    lab.say(
      `  ${side.padEnd(10)} ${perSecond.toFixed(0).padStart(6)}/s  ${perCpuSecond.toFixed(0).padStart(6)} per CPU second  ${used}  ${JSON.stringify(rounded(done.ms))}`
    )
    return done
  }
}
