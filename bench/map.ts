import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { comeToRest } from './books.ts'
import { cpuByTitle, cpuSecondsOf } from './cpu.ts'
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

/** Processor seconds. */
interface Spent {
  service: number
  databases: number
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
    cpuMs: (1_000 * (looked.service + looked.databases)) / readings,
    serviceMs: (1_000 * looked.service) / readings,
    idleMs: (1_000 * (idle.service + idle.databases)) / readings,
    idleServiceMs: (1_000 * idle.service) / readings,
    perViewerMs: (1_000 * all.service) / VIEWERS,
    perUnchangedMs: (1_000 * unchanged.service) / VIEWERS
  }
  say(`  ours       ${JSON.stringify(rounded(done))}`)
  return done
}

function look({ shop, load }: Lab, path: string, times: number, everyMs: number, conditional: boolean) {
  const token = shop.instance.tokens.orchestratorToReservation
  return load.run('viewers', { url: shop.instance.reservationUrls[0]!, token, path, times, everyMs, conditional })
}

/** The service that is asked, and the databases without their agents and our own session: those have no part in a map. */
async function spent({ shop }: Lab, work: () => Promise<unknown>): Promise<Spent> {
  const [service] = await shop.servicePids()
  const databases = await shop.databasePids()
  const read = () => ({ service: cpuSecondsOf([service!]), databases: workOf(cpuByTitle(databases)) })
  const before = read()
  await work()
  const after = read()
  return { service: after.service - before.service, databases: after.databases - before.databases }
}

function workOf({ agents: _, 'postgres ticketflow': __, ...others }: Record<string, number>): number {
  return Object.values(others).reduce((sum, seconds) => sum + seconds, 0)
}

/** Every reading of the map is one scan. The server tells a moment later. */
async function scansOfSeats(client: Client): Promise<number> {
  await sleep(STATISTICS_MS)
  const { rows } = await client.query<{ scans: number }>(
    `select (coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::integer as scans from pg_stat_user_tables where schemaname = 'selling' and relname = 'seats'`
  )
  return rows[0]!.scans
}

/** Every second seat, as if by chance. */
async function sellHalf(client: Client, showId: number): Promise<void> {
  await client.query(
    `update selling.seats set state = 'sold', holder_id = gen_random_uuid(), held_until = null
     where show_id = $1 and get_byte(decode(md5(seat_no::text), 'hex'), 0) < 128`,
    [showId]
  )
}
