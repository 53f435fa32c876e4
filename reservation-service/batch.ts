import type { Pool } from 'pg'
import { type Tx, transaction } from '../chassis/postgres.ts'
import { lockBuyers } from './buyers.ts'
import type { Chosen } from './choice.ts'
import type { Command } from './commands.ts'
import { decide, type Facts, type Outcome } from './decide.ts'
import { readOwnPlaces, reclaimPlaces } from './held-places.ts'
import { findHolds } from './holds.ts'
import { newOrderCode } from './order-code.ts'
import { findOrders, standing } from './orders.ts'
import { anchorsOf, readRows } from './row-locks.ts'
import { freePlaces, type LockedZone, lockStock, type Stock } from './stock.ts'
import { writeBatch } from './write-batch.ts'

/** Where the time of a batch went, in milliseconds. */
export interface Spent {
  lock: number
  read: number
  decide: number
  write: number
  commit: number
}

const RACES_MAX = 5

/**
 * Does many commands in one transaction: one locking select, the reading that
 * needs the locks, a pure decision in the order of arrival, one write, one
 * commit. What it answers stands behind that commit, refusals too.
 *
 * @returns One outcome per command.
 * @throws Error for all of them: see `lanes.ts` for what becomes of it.
 */
export async function runBatch(pool: Pool, commands: Command[], holdMs: number): Promise<{ outcomes: Outcome[]; spent: Spent }> {
  for (let races = 0; ; races++) {
    const spent: Spent = { lock: 0, read: 0, decide: 0, write: 0, commit: 0 }
    let workEndedMs = 0
    try {
      const outcomes = await transaction(pool, async (tx) => {
        const done = await doAll(tx, commands, holdMs, spent)
        workEndedMs = performance.now()
        return done
      })
      spent.commit = performance.now() - workEndedMs
      return { outcomes, spent }
    } catch (err) {
      if (err !== RACED || races === RACES_MAX) throw err
    }
  }
}

/** Another process committed one of the ids between our reading and our writing: read again. */
const RACED = new Error('another request with one of these ids was faster')

async function doAll(tx: Tx, commands: Command[], holdMs: number, spent: Spent): Promise<Outcome[]> {
  const lap = laps()
  const choices = commands.flatMap(({ chosen }) => chosen ?? [])
  const stock = await lockStock(tx, choices, anchorsOf(commands))
  const ticketsOf = await lockBuyers(tx, commands)
  spent.lock = lap()
  const facts = await readFacts(tx, commands, choices, stock, ticketsOf, holdMs)
  spent.read = lap()
  const { outcomes, writes } = decide(commands, facts)
  spent.decide = lap()
  if (!(await writeBatch(tx, writes))) throw RACED
  const answers = await withLines(tx, outcomes)
  spent.write = lap()
  return answers
}

/** After the locks: what is read here cannot change any more, as far as these commands go. */
async function readFacts(
  tx: Tx,
  commands: Command[],
  choices: Chosen[],
  stock: Stock,
  ticketsOf: Map<string, number>,
  holdMs: number
): Promise<Facts> {
  const holdIds = commands.flatMap((command) =>
    command.does === 'hold' ? command.id : command.does === 'order' ? command.request.holdId : []
  )
  const orderedHoldIds = commands.flatMap((command) => (command.does === 'order' ? command.request.holdId : []))
  const orderIds = commands.flatMap((command) => (command.does === 'hold' ? [] : command.id))
  const now = await readClock(tx)
  await reclaimPlaces(tx, shortZones(choices, stock), now)
  const orders = await findOrders(tx, orderIds, orderedHoldIds)
  return {
    now,
    holdMs,
    stock,
    takenInRows: await readRows(tx, commands),
    holds: await findHolds(tx, holdIds),
    ordersById: new Map(orders.map((row) => [row.order_id, row])),
    ordersByHold: new Map(orders.flatMap((row) => (row.state === 'made' && row.hold_id ? [[row.hold_id, row]] : []))),
    ownPlaces: stock.zones.size > 0 ? await readOwnPlaces(tx, orderedHoldIds) : new Map(),
    ticketsOf,
    made: new Map(),
    newCode: newOrderCode
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
