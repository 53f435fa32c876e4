import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomFrom } from './random.ts'
import { buyerOf, faultOf } from './sales.ts'
import { openTally, type Report } from './tally.ts'
import { getRequest, openWires, putRequest, shared } from './wire.ts'

export interface OnSale {
  urls: string[]
  token: string
  connections: number
  showId: number
  seats: number
  /** When each buyer comes. */
  arrivalsMs: number[]
  choicesMax: number
  seed: number
}

export interface OnSaleReport {
  map: Report
  hold: Report
  order: Report
  /** Buyers who lost every choice they made, or found no two seats on the map. */
  empty: number
}

interface Held {
  holdId: string
  totalClp: number
}

/**
 * An open loop: buyers come when they come, however slow the answers are. Each
 * opens the map, wants two free neighbours, rather in front, tries others when
 * those are gone, and orders what it holds at once.
 */
export async function onSale(sale: OnSale): Promise<OnSaleReport> {
  const { urls, token, showId, arrivalsMs, choicesMax } = sale
  const wires = await openWires(urls, sale.connections)
  const { send } = shared(wires)
  const tallies = { map: openTally(), hold: openTally(), order: openTally() }
  const random = randomFrom(sale.seed)
  let empty = 0
  await Promise.all(arrivalsMs.map(async (ms, n) => sleep(ms).then(() => come(n))))
  for (const wire of wires) wire.close()
  return { map: tallies.map.report(), hold: tallies.hold.report(), order: tallies.order.report(), empty }

  async function come(n: number): Promise<void> {
    const free = await openMap()
    if (!free) return
    for (let choices = 0; choices < choicesMax && free.length > 0; choices++) {
      const [first] = free.splice(Math.floor(random() ** 2 * free.length), 1)
      const held = await hold([first!, first! + 1])
      if (held) return order(n, held, [first!, first! + 1])
    }
    empty++
  }

  /** @returns The first seats of pairs that are free. */
  async function openMap(): Promise<number[] | undefined> {
    const answer = await send(getRequest(`/shows/${showId}/availability`, token)).catch(tallies.map.fail)
    if (!answer || !tallies.map.count(answer)) return undefined
    const { taken } = JSON.parse(answer.body.toString()) as { taken: string }
    return freePairs(Buffer.from(taken, 'base64'), sale.seats)
  }

  async function hold(seatNos: number[]): Promise<Held | undefined> {
    const holdId = randomUUID()
    const answer = await send(putRequest(`/holds/${holdId}`, token, JSON.stringify({ showId, seatNos, places: [] }))).catch(
      tallies.hold.fail
    )
    if (!answer || !tallies.hold.count(answer, (body) => faultOf({ ...(body as Held), orderId: (body as Held).holdId }, holdId, seatNos)))
      return undefined
    return JSON.parse(answer.body.toString()) as Held
  }

  async function order(n: number, { holdId, totalClp }: Held, seatNos: number[]): Promise<void> {
    const orderId = randomUUID()
    const body = JSON.stringify({ holdId, totalClp, ...buyerOf(n) })
    const answer = await send(putRequest(`/orders/${orderId}`, token, body)).catch(tallies.order.fail)
    if (answer) tallies.order.count(answer, (body) => faultOf(body, orderId, seatNos))
  }
}

/** Seats 1 and 2, 3 and 4... of which both are free: bit `seatNo - 1` of the map is set when a seat cannot be had. */
export function freePairs(taken: Uint8Array, seats: number): number[] {
  const isTaken = (seatNo: number) => ((taken[(seatNo - 1) >> 3] ?? 0) & (1 << ((seatNo - 1) & 7))) !== 0
  return Array.from({ length: seats >> 1 }, (_, i) => 2 * i + 1).filter((first) => !isTaken(first) && !isTaken(first + 1))
}
