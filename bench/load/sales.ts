import { randomUUID } from 'node:crypto'
import type { Places } from '../../contracts/values.ts'
import { type Hall, pairAt, pairsIn } from './hall.ts'
import { openTally, type Report } from './tally.ts'
import { openWires, putRequest, type Wire } from './wire.ts'

export interface Sales {
  urls: string[]
  token: string
  connections: number
  seconds: number
  hall: Hall
  /** Where to begin, when what is before is sold already. */
  firstPair?: number
  /** Two places in the first zone instead of two seats. */
  places?: boolean
}

/** Buyers of two seats each at the box office, one after another on every connection, until the time is over or all is sold. */
export async function sales(input: Sales): Promise<Report> {
  const { urls, token, connections, seconds, hall, firstPair = 0, places = false } = input
  const wires = await openWires(urls, connections)
  const tally = openTally()
  const untilMs = performance.now() + seconds * 1_000
  const pairs = pairsIn(hall)
  await Promise.all(wires.map((wire, n) => buyAll(wire, n)))
  for (const wire of wires) wire.close()
  return tally.report()

  async function buyAll(wire: Wire, first: number): Promise<void> {
    try {
      for (let n = firstPair + first; n < pairs && performance.now() < untilMs; n += connections) {
        const { showId, seatNos } = pairAt(hall, n)
        const orderId = randomUUID()
        const body = places ? saleOf(showId, [], n, [{ zoneNo: 1, quantity: 2 }]) : saleOf(showId, seatNos, n)
        const answer = await wire.send(putRequest(`/sales/${orderId}`, token, body))
        tally.count(answer, (body) => faultOf(body, orderId, places ? [undefined, undefined] : seatNos))
      }
    } catch (err) {
      tally.fail(err)
    }
  }
}

export function saleOf(showId: number, seatNos: number[], n: number, places: Places[] = []): string {
  return JSON.stringify({ showId, seatNos, places, ...buyerOf(n) })
}

export function buyerOf(n: number) {
  return { buyer: { name: 'Violeta Prueba', email: `violeta.prueba.${n}@ejemplo.cl`, rut: '11111111-1' }, language: 'es' }
}

/** Whether a sold or held thing is the one that was asked for. A place has no seat's number. */
export function faultOf(body: unknown, orderId: string, seatNos: Array<number | undefined>): string | undefined {
  const { orderId: got, lines = [] } = body as { orderId?: string; lines?: Array<{ seatNo?: number }> }
  if (got !== orderId) return `asked for order ${orderId}, got ${got}`
  const seats = lines.map(({ seatNo }) => seatNo).join()
  return seats === seatNos.join() ? undefined : `asked for seats ${seatNos.join()}, got ${seats}`
}
