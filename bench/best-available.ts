import type { Client } from 'pg'
import { arena } from '../cluster/demo/arena.ts'
import { exchangePlan } from '../cluster/demo/plan.ts'
import { operatorDoors } from '../cluster/operator.ts'
import { clearBooks, faultsAfter } from './books.ts'
import { median, rounded } from './figures.ts'
import { showRequest, taken } from './halls.ts'
import type { Bench, Lab } from './lab.ts'
import { type PlanRow, type Purchase, replay } from './orphans.ts'
import { CONNECTIONS, mustAddUp } from './sales.ts'

const QUANTITY = 4
const PER_SECOND_MIN = 300

/** A whole arena sold by the machine's own choice, and then looked at again, purchase by purchase. */
export const bestAvailable: Bench = {
  what: 'the best 4 together in the demo arena until there are none: requests/s, and orphans that could have been avoided',
  target: `0 avoidable orphans, >= ${PER_SECOND_MIN}/s`,
  async run(lab) {
    const showId = await makeArena(lab)
    await sellArena(lab, showId) // warm
    const turns: Turn[] = []
    for (let round = 0; round < lab.rounds; round++) turns.push(await sellArena(lab, showId))
    const perSecond = median(turns.map((turn) => turn.perSecond))
    const avoidable = turns.reduce((sum, turn) => sum + turn.avoidable, 0)
    const holds = perSecond >= PER_SECOND_MIN && avoidable === 0 && turns.every((turn) => turn.apart === 0 && turn.strange === 0)
    const rounds = turns.map((turn) => ({ ours: turn.perSecond, baseline: null, ratio: null }))
    return { ours: perSecond, baseline: null, ratio: null, holds, figures: { unit: 'requests/s', avoidable, turns }, rounds }
  }
}

interface Turn {
  perSecond: number
  p99Ms: number
  sold: number
  free: number
  orphansLeft: number
  avoidable: number
  apart: number
  /** Answers that are neither a sale nor «not together». */
  strange: number
}

async function makeArena({ shop }: Lab): Promise<number> {
  const { putPlan, putShow } = operatorDoors(shop.instance.reservationUrl, shop.instance.operatorToken)
  const venue = arena()
  taken(await putPlan(venue.code, JSON.stringify(exchangePlan(venue))))
  const categories = venue.categories.map(({ name }) => name)
  return taken(await putShow('mejores', showRequest(venue.code, categories))).showId
}

async function sellArena(lab: Lab, showId: number): Promise<Turn> {
  const { shop, load, say } = lab
  await clearBooks(shop, [showId])
  const token = shop.instance.tokens.orchestratorToReservation
  const input = { urls: shop.instance.reservationUrls, token, connections: CONNECTIONS, showId, quantity: QUANTITY }
  const report = await load.run('bestSales', input)
  if (report.wrong.length > 0) throw new Error(`void: ${report.wrong.join('; ')}`)
  mustAddUp(await faultsAfter(shop, report.ok, QUANTITY))
  const { NOT_TOGETHER: _, ...strange } = { ...report.refused, ...report.errors }
  const { avoidable, apart, orphansLeft, free } = replay(await readRows(shop.superuser, showId), await readPurchases(shop.superuser))
  for (const one of avoidable.slice(0, 3)) say(`    avoidable: ${JSON.stringify(one)}`)
  const turn = {
    perSecond: report.ok / report.seconds,
    p99Ms: report.okMs.p99,
    sold: QUANTITY * report.ok,
    free,
    orphansLeft: orphansLeft.length,
    avoidable: avoidable.length,
    apart: apart.length,
    strange: Object.values(strange).reduce((sum, count) => sum + count, 0)
  }
  say(`  ours       ${JSON.stringify(rounded({ ...turn, others: { ...report.refused, ...report.errors } }))}`)
  return turn
}

/** In this plan a row is one unbroken line, and its seats are numbered along it. */
async function readRows(client: Client, showId: number): Promise<PlanRow[]> {
  const { rows } = await client.query<PlanRow>(
    `select t.section_no as section, json_agg(json_build_object('seatNo', t.seat_no, 'price', t.category) order by t.seat_no) as seats
     from selling.shows s join selling.plan_seats t using (plan_id)
     where s.show_id = $1
     group by t.section_no, t.row_label`,
    [showId]
  )
  return rows
}

/** Whoever shares a row waits for each other, so the order of the events is the order of their commits. */
async function readPurchases(client: Client): Promise<Purchase[]> {
  const { rows } = await client.query<Purchase>(
    `select o.subject as "orderId", array_agg(l.seat_no order by l.seat_no) as "seatNos"
     from selling.outbox o join selling.sold_seats l on l.order_id = o.subject::uuid
     group by o.position, o.subject
     order by o.position`
  )
  return rows
}
