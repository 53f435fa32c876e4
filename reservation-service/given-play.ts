import { Refusal } from '../chassis/errors.ts'
import { chosenFor } from './choice.ts'
import { type Command, holdCommand, orderCommand, saleCommand } from './commands.ts'
import { decide, type Facts, type Outcome } from './decide.ts'
import { BEGAN, HALLS } from './given-halls.ts'
import { openSlowSeller } from './given-slow-seller.ts'
import { isNo, priceOf, ticketsOf } from './given-slow-tickets.ts'
import type { Asking, Found, History, SaleStep, Step } from './given-steps.ts'
import { factsOf, openStore, release, type Store, write } from './given-store.ts'
import { chosenIn } from './holds.ts'

/** For tests: plays a history by `decide`, in batches, and by the slow seller, one command at a time. */
export type Decide = typeof decide

/** @returns What `decide` said to each command, and where it is not what the slow seller said or what is written does not add up. */
export function play({ steps, cuts, eager }: History, decideWith: Decide = decide): { said: unknown[]; faults: string[] } {
  const store = openStore()
  const slow = openSlowSeller()
  const faults: string[] = []
  const [said, expected]: [unknown[], unknown[]] = [[], []]
  const answers = new Map<string, string>()
  let nowMs = BEGAN
  let batch: Command[] = []

  plain(steps).forEach((step, i) => {
    if (step.does === 'nothing') return
    if (cuts[i] || !isAsking(step) || asksAbout(step, batch)) flush()
    if (step.does === 'pass') nowMs += step.seconds * 1_000
    else if (step.does === 'release') {
      release(store, uuid(step.holdId), new Date(nowMs))
      slow.release(step.holdId)
    } else if (step.does === 'void') {
      voidOrder(store, uuid(step.orderId))
      slow.voidOrder(step.orderId)
    } else {
      batch.push(commandOf(step, store))
      expected.push(slow.ask(step, nowMs))
    }
  })
  flush()
  said.forEach((one, i) => {
    if (!agree(one, expected[i])) faults.push(`command ${i}: ${JSON.stringify(one)}, and not ${JSON.stringify(expected[i])}`)
  })
  return { said, faults }

  function flush(): void {
    if (batch.length === 0) return
    const facts: Facts = factsOf(store, batch, new Date(nowMs), eager)
    const { outcomes, writes } = decideWith(batch, facts)
    write(store, writes)
    for (const [i, outcome] of outcomes.entries()) hear(batch[i]!, 'known' in outcome ? store.told.get(outcome.known.order_id)! : outcome)
    faults.push(...faultsIn(store))
    batch = []
  }

  function hear({ does, id }: Command, outcome: Outcome): void {
    said.push(toldBy(outcome))
    if (!('hold' in outcome || 'order' in outcome)) return
    const [key, text] = [`${does === 'hold' ? 'hold' : 'order'} ${id}`, JSON.stringify(outcome)]
    if ((answers.get(key) ?? text) !== text) faults.push(`${key} has two answers`)
    answers.set(key, text)
  }
}

/** A repeat is what it repeats. */
function plain(steps: Step[]): Array<Exclude<Step, { does: 'repeat' }>> {
  const asked: Asking[] = []
  return steps.map((step) => {
    const one = step.does === 'repeat' ? asked.at(-1 - step.back) : step
    if (one && isAsking(one)) asked.push(one)
    return one ?? { does: 'nothing' }
  })
}

function isAsking(step: Step): step is Asking {
  return step.does === 'hold' || step.does === 'sale' || step.does === 'order'
}

/** Whoever orders has been told of the hold before. */
function asksAbout(step: Asking, batch: Command[]): boolean {
  return step.does === 'order' && batch.some(({ does, id }) => does === 'hold' && id === uuid(step.holdId))
}

function commandOf(step: Asking, store: Store): Command {
  const id = uuid(step.id)
  if (step.does === 'order') {
    const hold = store.holds.get(uuid(step.holdId))
    const totalClp = step.pays === 'right' && hold ? hold.total_clp : 1
    const request = { holdId: uuid(step.holdId), buyer: { name: 'Ana', email: step.buyer }, language: 'es' as const, totalClp }
    return orderCommand(id, request, hold, hold && chosenIn(hold), hold && HALLS.get(hold.show_id)!.show)
  }
  const show = HALLS.get(step.wish.showId)?.show
  if (step.does === 'hold') return withFound(holdCommand(id, step.wish, show), step.found)
  const request = { buyer: { name: 'Ana', email: step.buyer }, language: 'es' as const, ...paid(step) }
  return withFound(saleCommand(id, step.wish, request, show), step.found)
}

function paid({ wish, found, pays }: SaleStep): { totalClp?: number } {
  if (pays === 'unsaid') return {}
  if (pays === 'wrong' || !HALLS.has(wish.showId)) return { totalClp: 1 }
  try {
    return { totalClp: priceOf(wish.showId, ticketsOf(wish, found.seatNos)!) }
  } catch {
    return { totalClp: 2 } // it cannot be had at all
  }
}

function withFound<C extends Exclude<Command, { does: 'order' }>>(command: C, { seatNos, strands }: Found): C {
  const quantity = command.best?.quantity ?? 0
  if (command.best && seatNos.length >= quantity) command.chosen = chosenFor(command.showId, seatNos.slice(0, quantity), undefined)
  return Object.assign(command, { strands })
}

function uuid(id: number): string {
  return `00000000-0000-4000-8000-00000000000${id}`
}

function voidOrder({ orders }: Store, orderId: string): void {
  if (!orders.some(({ order_id }) => order_id === orderId)) orders.push({ order_id: orderId, state: 'void' })
}

function toldBy(outcome: Outcome): unknown {
  if ('stale' in outcome) return { stale: outcome.stale instanceof Refusal ? outcome.stale.code : outcome.stale.message }
  if ('refusal' in outcome) return { no: outcome.refusal.code, params: outcome.refusal.params }
  if ('hold' in outcome) return given('hold', outcome.hold.holdId, outcome.hold, outcome.hold.heldUntil)
  if ('order' in outcome) return given('order', outcome.order.orderId, outcome.order, outcome.order.madeAt)
  throw new Error('an order of before has no answer')
}

type Told = Pick<Extract<Outcome, { order: unknown }>['order'], 'showId' | 'lines' | 'totalClp'>

function given(does: string, id: string, { showId, lines, totalClp }: Told, at: string) {
  const tickets = lines.map(({ seatNo, zoneNo, ticketType, priceClp }) => ({ ...(seatNo ? { seatNo } : { zoneNo }), ticketType, priceClp }))
  return { does, id: Number(id.at(-1)), showId, lines: tickets, totalClp, seconds: (Date.parse(at) - BEGAN) / 1_000 }
}

function agree(said: unknown, expected: unknown): boolean {
  if (!isNo(said) || !isNo(expected)) return JSON.stringify(said) === JSON.stringify(expected)
  const named = Object.fromEntries(Object.keys(expected.params).map((key) => [key, said.params[key]]))
  return said.no === expected.no && JSON.stringify(named) === JSON.stringify(expected.params)
}

/** No seat in two orders, no zone over its capacity, and rows that say what the orders say. */
function faultsIn({ seats, zones, told, zoneHolds }: Store): string[] {
  const lines = [...told.values()].flatMap((one) =>
    'order' in one ? one.order.lines.map((line) => ({ ...line, showId: one.order.showId })) : []
  )
  const sold = lines.flatMap(({ showId, seatNo }) => (seatNo ? `${showId}/${seatNo}` : []))
  const marked = seats.filter(({ state }) => state === 'sold').map(({ show_id, seat_no }) => `${show_id}/${seat_no}`)
  return [
    ...(new Set(sold).size < sold.length ? [`a seat stands in two orders: ${sold}`] : []),
    ...(sold.toSorted().join() === marked.toSorted().join() ? [] : [`sold are ${sold}, marked are ${marked}`]),
    ...zones.flatMap(({ show_id: showId, zone_no: zoneNo, ...zone }) => {
      const places = lines.filter((line) => line.showId === showId && line.zoneNo === zoneNo).length
      const held = zoneHolds
        .filter((own) => own.showId === showId && own.zoneNo === zoneNo)
        .reduce((sum, { quantity }) => sum + quantity, 0)
      const adds = zone.sold === places && zone.held === held && zone.sold + zone.held <= zone.capacity
      return adds ? [] : [`zone ${showId}/${zoneNo} says ${JSON.stringify(zone)}: ${places} are sold and ${held} held`]
    })
  ]
}
