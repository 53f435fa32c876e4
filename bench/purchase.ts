import { startPair } from './baselines/pair.ts'
import { ONE_STATEMENT, pgbench, STATEMENTS } from './baselines/pgbench.ts'
import { clearBooks, faultsAfter } from './books.ts'
import { startCpu } from './cpu.ts'
import { alternate, median, mediansOf, roundOf } from './figures.ts'
import type { Bench, Lab, Outcome } from './lab.ts'
import { type Hall, showIdsOf } from './load/hall.ts'
import { mustAddUp, salesHall, sellTurn, type Turn, told } from './sales.ts'

export const purchase: Bench = {
  what: 'purchases/s over HTTP (2 seats, 64 connections, 50 shows) ÷ pgbench, 32 clients, one statement after another',
  target: 'ratio >= 2.0; if missed, that of purchases per CPU second counts',
  async run(lab) {
    const outcome = await againstPgbench(lab, STATEMENTS, 2)
    const { perCpuSecondRatio } = outcome.figures as { perCpuSecondRatio: number }
    const byCpu = !outcome.holds && perCpuSecondRatio >= 2
    const figures = { ...outcome.figures, countedBy: byCpu ? 'CPU seconds, because purchases/s miss' : 'purchases/s' }
    return { ...outcome, figures: { ...figures, noOrphanSeats: await withoutOrphans(lab) }, holds: outcome.holds || byCpu }
  }
}

export const purchaseCte: Bench = {
  what: 'the same ÷ pgbench with the work as one statement',
  target: 'ratio >= 1.0',
  run: (lab) => againstPgbench(lab, ONE_STATEMENT, 1)
}

export const purchaseNaive: Bench = {
  what: 'the same ÷ the same door with one transaction per request',
  target: 'ratio >= 8',
  async run(lab) {
    const { shop } = lab
    const settings = { POSTGRES_URL: shop.sellingUrl, TOKEN: shop.instance.tokens.orchestratorToReservation }
    const pair = await startPair(shop, 'naive.ts', settings)
    const hall = await salesHall(lab)
    return compare(lab, hall, () => sellTurn(lab, hall, pair.urls, pair.pids), 8).finally(pair.end)
  }
}

async function againstPgbench(lab: Lab, script: string, ratioMin: number): Promise<Outcome> {
  const hall = await salesHall(lab)
  return compare(lab, hall, () => pgbenchTurn(lab, hall, script), ratioMin)
}

/** The services run and have nothing to do; only the databases are counted. */
async function pgbenchTurn({ shop, seconds }: Lab, hall: Hall, script: string): Promise<Turn> {
  await clearBooks(shop, showIdsOf(hall))
  const endCpu = await startCpu(shop, [])
  const { transactions, perSecond, ms } = await pgbench(shop, script, hall, seconds)
  const cpu = endCpu()
  mustAddUp(await faultsAfter(shop, transactions))
  return { perSecond, perCpuSecond: transactions / cpu.databases, cpu, ms: { mean: ms } }
}

async function compare(lab: Lab, hall: Hall, baseline: () => Promise<Turn>, ratioMin: number): Promise<Outcome> {
  const { reservationUrls } = lab.shop.instance
  const pids = await lab.shop.servicePids()
  const turns = await alternate(
    lab.rounds,
    told(lab, 'ours', () => sellTurn(lab, hall, reservationUrls, pids)),
    told(lab, 'baseline', baseline)
  )
  const rounds = turns.map(({ ours, baseline }) => roundOf(ours.perSecond, baseline.perSecond))
  const medians = mediansOf(rounds)
  const perCpuSecond = mediansOf(turns.map(({ ours, baseline }) => roundOf(ours.perCpuSecond, baseline.perCpuSecond)))
  const figures = {
    perCpuSecond: perCpuSecond.ours,
    baselinePerCpuSecond: perCpuSecond.baseline,
    perCpuSecondRatio: perCpuSecond.ratio,
    turns: turns.map(({ ours, baseline }) => ({ ours, baseline }))
  }
  return { ...medians, holds: medians.ratio >= ratioMin, figures, rounds }
}

/** What the rule against single seats costs; pgbench knows no such rule. */
async function withoutOrphans(lab: Lab): Promise<{ perSecond: number }> {
  const hall = await salesHall(lab, true)
  const pids = await lab.shop.servicePids()
  const turns: number[] = []
  for (let n = 0; n < 3; n++)
    turns.push((await told(lab, 'no orphans', () => sellTurn(lab, hall, lab.shop.instance.reservationUrls, pids))()).perSecond)
  return { perSecond: median(turns) }
}
