import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { comeToRest } from './books.ts'
import { type CpuSeconds, startCpu } from './cpu.ts'
import { median, rounded } from './figures.ts'
import { makeHall } from './halls.ts'
import type { Bench, Lab } from './lab.ts'

const SEATS = 48_000
const BYTES_MAX = 10 * 1024
const CPU_MS_MAX = 5
/** Slower than a map grows old, so that every look is a new reading. */
const LOOK_EVERY_MS = 350
const LOOKS = 20
const VIEWERS = 2_000
const STATISTICS_MS = 1_500
const SETTLE_MS = 3_000

/** What it costs to tell everybody which seats can be had: once per reading, and once more per viewer. */
export const map: Bench = {
  what: 'the map of 48,000 seats, half of them sold: bytes on the wire, CPU per reading (service and databases), CPU per further viewer',
  target: `< ${BYTES_MAX} bytes, < ${CPU_MS_MAX} ms of CPU`,
  async run(lab) {
    const hall = await makeHall(lab.shop, { code: 'estadio-mapa', shows: 1, seatsPerShow: SEATS })
    await sellHalf(lab.shop.superuser, hall.firstShowId)
    await comeToRest(lab.shop)
    const path = `/shows/${hall.firstShowId}/availability`
    await look(lab, path, VIEWERS, 0, false) // warm
    await sleep(SETTLE_MS)
    const turns: Turn[] = []
    for (let round = 0; round < lab.rounds; round++) turns.push(await turn(lab, path))
    const idle = { all: median(turns.map((each) => each.idleMs)), service: median(turns.map((each) => each.idleServiceMs)) }
    const rounds = turns.map((each) => ({ ours: each.cpuMs - idle.all, baseline: null, ratio: null }))
    const ours = median(rounds.map((round) => round.ours))
    const serviceMs = median(turns.map((each) => each.serviceMs)) - idle.service
    const bytes = Math.max(...turns.map((each) => each.bytes))
    const figures = { unit: 'ms of CPU per reading', bytes, serviceMs, databasesMs: ours - serviceMs, turns }
    return { ours, baseline: null, ratio: null, holds: bytes < BYTES_MAX && ours < CPU_MS_MAX, figures, rounds }
  }
}

/** Milliseconds of processor time for one reading; when idle, for as long as lies between two. */
interface Turn {
  bytes: number
  encoding: string
  readings: number
  cpuMs: number
  serviceMs: number
  idleMs: number
  idleServiceMs: number
  perViewerMs: number
  /** Of a viewer who has the newest map already. */
  perUnchangedMs: number
}

/** What the processes do when nobody looks comes by itself, and more in one moment than in another: its median is taken off. */
async function turn(lab: Lab, path: string): Promise<Turn> {
  const { shop, say } = lab
  const idle = await spent(lab, () => sleep(LOOKS * LOOK_EVERY_MS))
  const before = await scansOfSeats(shop.superuser)
  let seen = { bytes: 0, encoding: '' }
  const looked = await spent(lab, async () => {
    seen = await look(lab, path, LOOKS, LOOK_EVERY_MS, false)
  })
  const readings = (await scansOfSeats(shop.superuser)) - before
  if (readings < LOOKS / 2) throw new Error(`void: ${LOOKS} looks were only ${readings} readings`)
  const all = await spent(lab, () => look(lab, path, VIEWERS, 0, false))
  const unchanged = await spent(lab, () => look(lab, path, VIEWERS, 0, true))
  const done = {
    bytes: seen.bytes,
    encoding: seen.encoding,
    readings,
    cpuMs: (1_000 * (looked.services + looked.databases)) / readings,
    serviceMs: (1_000 * looked.services) / readings,
    idleMs: (1_000 * (idle.services + idle.databases)) / readings,
    idleServiceMs: (1_000 * idle.services) / readings,
    perViewerMs: (1_000 * all.services) / VIEWERS,
    perUnchangedMs: (1_000 * unchanged.services) / VIEWERS
  }
  say(`  ours       ${JSON.stringify(rounded(done))}`)
  return done
}

function look({ shop, load }: Lab, path: string, times: number, everyMs: number, conditional: boolean) {
  const token = shop.instance.tokens.orchestratorToReservation
  return load.run('viewers', { url: shop.instance.reservationUrls[0]!, token, path, times, everyMs, conditional })
}

async function spent({ shop }: Lab, work: () => Promise<unknown>): Promise<CpuSeconds> {
  const end = await startCpu(shop, await shop.servicePids())
  await work()
  return end()
}

/** Every reading of the map is one scan. The server tells a moment later. */
async function scansOfSeats(client: Client): Promise<number> {
  await sleep(STATISTICS_MS)
  const { rows } = await client.query<{ scans: number }>(
    `select (coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::integer as scans from pg_stat_user_tables where schemaname = 'selling' and relname = 'seats'`
  )
  return rows[0]!.scans
}

async function sellHalf(client: Client, showId: number): Promise<void> {
  await client.query(
    `with chosen as (
       select seat_no from selling.seats where show_id = $1 order by md5(seat_no::text) limit $2
     )
     update selling.seats s set state = 'sold', holder_id = gen_random_uuid(), held_until = null
     from chosen where s.show_id = $1 and s.seat_no = chosen.seat_no`,
    [showId, SEATS / 2]
  )
}
