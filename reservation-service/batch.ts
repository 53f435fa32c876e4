import type { Pool } from 'pg'
import { crashPoint } from '../chassis/crash-point.ts'
import { inTurn, type Tx, together, writingLast } from '../chassis/postgres.ts'
import { lockBuyers } from './buyers.ts'
import type { Chosen } from './choice.ts'
import type { Command } from './commands.ts'
import { decide, type Facts, type Outcome } from './decide.ts'
import { findSeats, isSearch } from './find-seats.ts'
import { readOwnPlaces, reclaimPlaces } from './held-places.ts'
import { findHolds } from './holds.ts'
import { newOrderCode } from './order-code.ts'
import { findOrders, type OrderRow, standing } from './orders.ts'
import { besideOf, readRows } from './row-locks.ts'
import { freePlaces, type LockedZone, lockStock, type Stock } from './stock.ts'
import { writeBatch } from './write-batch.ts'

/** Where the time of a batch went, in milliseconds. */
export interface Spent {
  /** Looking for the best seats, where somebody wants them. */
  find: number
  lock: number
  read: number
  decide: number
  /** Writing, and waiting for the quorum. */
  commit: number
}

const RACES_MAX = 5

/**
 * Does many commands in one transaction: one message that locks everything they
 * compete for and reads what needs the locks, a pure decision in the order of
 * arrival, one message that writes and commits. What it answers stands behind
 * that commit, refusals too.
 *
 * @returns One outcome per command.
 * @throws Error for all of them: see `lanes.ts` for what becomes of it.
 */
export async function runBatch(pool: Pool, commands: Command[], holdMs: number): Promise<{ outcomes: Outcome[]; spent: Spent }> {
  for (let races = 1; ; races++) {
    try {
      return await runOnce(pool, commands, holdMs)
    } catch (err) {
      if (!isRace(err) || races > RACES_MAX) throw err
    }
  }
}

/** Another process committed one of the ids between our reading and our writing, or a code was drawn twice: read again. */
function isRace(err: unknown): boolean {
  const { code, constraint = '' } = err as { code?: string; constraint?: string }
  return code === '23505' && /^(holds_pkey|orders_|zone_holds_pkey|sold_places_pkey)/.test(constraint)
}

async function runOnce(pool: Pool, commands: Command[], holdMs: number): Promise<{ outcomes: Outcome[]; spent: Spent }> {
  const spent: Spent = { find: 0, lock: 0, read: 0, decide: 0, commit: 0 }
  const lap = laps()
  const outcomes = await writingLast(pool, async (tx) => {
    if (commands.some(isSearch)) await findSeats(tx, commands)
    spent.find = lap()
    const facts = await readFacts(tx, commands, holdMs, () => {
      spent.lock = lap()
    })
    spent.read = lap()
    const decided = decide(commands, facts)
    const answer = await withLines(tx, decided.outcomes)
    const write = writeBatch(decided.writes)
    spent.decide = lap()
    crashPoint('seller-decided')
    return { answer, write }
  })
  crashPoint('seller-committed')
  spent.commit = lap()
  return { outcomes, spent }
}

/** All of it is asked for at once. What is read after the locks cannot change any more, as far as these commands go. */
async function readFacts(tx: Tx, commands: Command[], holdMs: number, onLocked: () => void): Promise<Facts> {
  const choices = commands.flatMap(({ chosen }) => chosen ?? [])
  const holdIds = commands.flatMap((command) => (command.does === 'hold' ? command.id : []))
  const orderedHoldIds = commands.flatMap((command) => (command.does === 'order' ? command.request.holdId : []))
  const orderIds = commands.flatMap((command) => (command.does === 'hold' ? [] : command.id))
  const asked = together(
    tx,
    () =>
      [
        lockStock(tx, choices, besideOf(commands)).finally(onLocked),
        lockBuyers(tx, commands),
        readClock(tx),
        findOrders(tx, orderIds, orderedHoldIds),
        findHolds(tx, [...holdIds, ...orderedHoldIds]),
        readRows(tx, commands),
        readOwnPlaces(tx, orderedHoldIds)
      ] as const
  )
  const [stock, ticketsOf, now, orders, holds, takenInRows, ownPlaces] = await inTurn(asked)
  const facts = { now, holdMs, stock, takenInRows, holds, ownPlaces, ticketsOf, made: new Map(), newCode: newOrderCode, ...byId(orders) }
  const short = shortZones(choices, stock)
  if (short.length === 0) return facts
  const [, own] = await Promise.all([reclaimPlaces(tx, short, now), readOwnPlaces(tx, orderedHoldIds)])
  return { ...facts, ownPlaces: own }
}

function byId(orders: OrderRow[]): Pick<Facts, 'ordersById' | 'ordersByHold'> {
  return {
    ordersById: new Map(orders.map((row) => [row.order_id, row])),
    ordersByHold: new Map(orders.flatMap((row) => (row.state === 'made' && row.hold_id ? [[row.hold_id, row]] : [])))
  }
}

/** Read after the locks: waiting for them may have outlived a hold. In whole milliseconds, as JavaScript compares them. */
async function readClock(tx: Tx): Promise<Date> {
  const { rows } = await tx.query<{ now: Date }>({
    name: 'read-clock',
    text: "select date_trunc('milliseconds', clock_timestamp()) as now"
  })
  return rows[0]!.now
}

/** Zones of which more is wanted than is free. */
function shortZones(choices: Chosen[], { zones }: Stock): LockedZone[] {
  if (zones.size === 0) return []
  const wanted = new Map<LockedZone, number>()
  for (const { showId, zoneNos, quantities } of choices) {
    zoneNos.forEach((zoneNo, i) => {
      const zone = zones.get(showId)?.get(zoneNo)
      if (zone) wanted.set(zone, (wanted.get(zone) ?? 0) + quantities[i]!)
    })
  }
  return [...wanted].flatMap(([zone, quantity]) => (quantity > freePlaces(zone) ? zone : []))
}

/** An order of before is told again with its lines, once for all who ask for it. */
async function withLines(tx: Tx, outcomes: Outcome[]): Promise<Outcome[]> {
  const told = new Map<string, Outcome>()
  for (const outcome of outcomes) {
    if ('known' in outcome && !told.has(outcome.known.order_id))
      told.set(outcome.known.order_id, { order: await standing(tx, outcome.known) })
  }
  return told.size === 0 ? outcomes : outcomes.map((outcome) => ('known' in outcome ? told.get(outcome.known.order_id)! : outcome))
}

function laps(): () => number {
  let beganMs = performance.now()
  return () => {
    const tookMs = performance.now() - beganMs
    beganMs += tookMs
    return tookMs
  }
}
