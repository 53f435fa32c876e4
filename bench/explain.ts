import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { ROOT } from '../cluster/instance.ts'
import { arrivalsMs } from './arrivals.ts'
import { clearBooks } from './books.ts'
import { makeHall } from './halls.ts'
import type { Bench, Lab } from './lab.ts'
import { type Hall, showIdsOf } from './load/hall.ts'
import { makeOldOrders } from './old-orders.ts'
import { plansIn, type Statement, statementsIn } from './plans.ts'
import { CONNECTIONS, mustBeRight } from './sales.ts'

const HALL = { code: 'planes', shows: 8, seatsPerShow: 6_000, zones: [{ name: 'Cancha', capacity: 100_000, priceClp: 12_000 }] }
const OLD_ORDERS_MAX = 300_000
const SECONDS = 2
const HOT_SHARE_MIN = 0.9
const STATISTICS_MS = 1_500

/** What the database really does for a sale: the plans of every statement of the service, as it runs them under load. */
export const explain: Bench = {
  what: 'explain (analyze, buffers) of every statement the service runs under load, by auto_explain; and how many updates stay in their page',
  target: `no table that grows is read from end to end; n_tup_hot_upd / n_tup_upd >= ${HOT_SHARE_MIN}`,
  async run(lab) {
    const { shop, say } = lab
    const hall = await makeHall(shop, HALL)
    await clearBooks(shop, showIdsOf(hall))
    await makeOldOrders(shop, { ...hall, seatsPerShow: hall.seatsPerShow / 2 }, Math.min(lab.orders, OLD_ORDERS_MAX))
    const statements = statementsIn(plansIn(await logOf(lab, () => everySale(lab, hall))))
    const file = keep(statements)
    const scanned = statements.flatMap(({ query, scanned }) => scanned.map((table) => `${table}: ${query.split('\n')[0]}`))
    for (const scan of scanned) say(`  read from end to end: ${scan}`)
    await clearBooks(shop, showIdsOf(hall))
    const hot = await hotShares(lab, () => everySale(lab, hall))
    say(`  ${statements.length} statements, plans in ${file}; updates that stay in their page: ${JSON.stringify(hot)}`)
    const ours = Math.min(...Object.values(hot))
    const figures = { unit: 'share of updates that stay in their page', hot, scanned, file, statements: statements.map(shortOf) }
    return {
      ours,
      baseline: null,
      ratio: null,
      holds: scanned.length === 0 && statements.length > 0 && ours >= HOT_SHARE_MIN,
      figures,
      rounds: []
    }
  }
}

/** Every door that sells, each for a moment; seats that are named are of the halls' second half, where nothing is sold. */
async function everySale({ shop, load }: Lab, hall: Hall): Promise<void> {
  const common = { urls: shop.instance.reservationUrls, token: shop.instance.tokens.orchestratorToReservation, connections: CONNECTIONS }
  mustBeRight(await load.run('sales', { ...common, seconds: SECONDS, hall, firstPair: (hall.shows * hall.seatsPerShow) >> 2 }))
  mustBeRight(await load.run('sales', { ...common, seconds: SECONDS, hall, places: true }))
  const arrivals = arrivalsMs(300, SECONDS, 300)
  const sale = { showId: hall.firstShowId, seats: hall.seatsPerShow, arrivalsMs: arrivals, choicesMax: 3, seed: 1 }
  await load.run('onSale', { ...common, ...sale })
  await load.run('bestSales', { ...common, showId: hall.firstShowId + 1, quantity: 4, salesMax: 200 })
}

/** What the primary wrote into its log while the service, with new connections, told all its plans. */
async function logOf({ shop }: Lab, work: () => Promise<void>): Promise<string> {
  const path = join(shop.instance.directory, 'data', shop.node, 'postgres.log')
  const settings = ['log_min_duration = 0', 'log_analyze = on', 'log_buffers = on', 'log_nested_statements = on', 'log_timing = off']
  await shop.superuser.query("alter role selling set session_preload_libraries = 'auto_explain'")
  for (const setting of settings) await shop.superuser.query(`alter role selling set auto_explain.${setting}`)
  await shop.restart('reservation')
  const from = statSync(path).size
  try {
    await work()
  } finally {
    await shop.superuser.query('alter role selling reset all')
    await shop.restart('reservation')
  }
  return readFileSync(path).subarray(from).toString()
}

/** A session tells what it did when it ends, at the latest. */
async function hotShares({ shop }: Lab, work: () => Promise<void>): Promise<Record<string, number>> {
  await shop.superuser.query('select pg_stat_reset()')
  await work()
  await shop.restart('reservation')
  await sleep(STATISTICS_MS)
  return readHotShares(shop.superuser)
}

async function readHotShares(client: Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ relname: string; share: number }>(
    `select relname, n_tup_hot_upd::float8 / n_tup_upd as share
     from pg_stat_user_tables
     where schemaname = 'selling' and relname in ('seats', 'show_zones') and n_tup_upd > 0`
  )
  if (rows.length < 2) throw new Error('void: not every table was updated')
  return Object.fromEntries(rows.map(({ relname, share }) => [relname, share]))
}

function keep(statements: Statement[]): string {
  const path = join(ROOT, 'artifacts', 'explain.md')
  mkdirSync(join(ROOT, 'artifacts'), { recursive: true })
  const sections = statements.map(
    ({ query, runs, medianMs, plan }) => `${runs} runs, median ${medianMs} ms\n\n\`\`\`sql\n${query}\n\`\`\`\n\n\`\`\`\n${plan}\n\`\`\`\n`
  )
  writeFileSync(path, sections.join('\n'))
  return path
}

function shortOf({ query, runs, medianMs, scanned }: Statement) {
  return { query: query.replaceAll(/\s+/g, ' ').slice(0, 100), runs, medianMs, scanned }
}
