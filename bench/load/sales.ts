import { randomUUID } from 'node:crypto'
import { type Hall, pairAt, pairsIn } from './hall.ts'
import { openTally, type Report } from './tally.ts'
import { openWires, putRequest, type Wire } from './wire.ts'

export interface Sales {
  urls: string[]
  token: string
  connections: number
  seconds: number
  hall: Hall
}

/** Buyers of two seats each at the box office, one after another on every connection, until the time is over or all is sold. */
export async function sales({ urls, token, connections, seconds, hall }: Sales): Promise<Report> {
  const wires = await openWires(urls, connections)
  const tally = openTally()
  const untilMs = performance.now() + seconds * 1_000
  const pairs = pairsIn(hall)
  await Promise.all(wires.map((wire, n) => buyAll(wire, n)))
  for (const wire of wires) wire.close()
  return tally.report()

  async function buyAll(wire: Wire, first: number): Promise<void> {
    try {
      for (let n = first; n < pairs && performance.now() < untilMs; n += connections) {
        const { showId, seatNos } = pairAt(hall, n)
        const orderId = randomUUID()
        const answer = await wire.send(putRequest(`/sales/${orderId}`, token, saleOf(showId, seatNos, n)))
        tally.count(answer, (body) => faultOf(body, orderId, seatNos))
      }
    } catch (err) {
      tally.fail(err)
    }
  }
}

export function saleOf(showId: number, seatNos: number[], n: number): string {
  return JSON.stringify({ showId, seatNos, places: [], ...buyerOf(n) })
}

export function buyerOf(n: number) {
  return { buyer: { name: 'Violeta Prueba', email: `violeta.prueba.${n}@ejemplo.cl`, rut: '11111111-1' }, language: 'es' }
}

/** Whether a sold or held thing is the one that was asked for. */
export function faultOf(body: unknown, orderId: string, seatNos: number[]): string | undefined {
  const { orderId: got, lines = [] } = body as { orderId?: string; lines?: Array<{ seatNo?: number }> }
  if (got !== orderId) return `asked for order ${orderId}, got ${got}`
  const seats = lines.map(({ seatNo }) => seatNo).join()
  return seats === seatNos.join() ? undefined : `asked for seats ${seatNos.join()}, got ${seats}`
}
