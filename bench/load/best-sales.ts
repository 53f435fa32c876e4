import { randomUUID } from 'node:crypto'
import { buyerOf } from './sales.ts'
import { openTally, type Report } from './tally.ts'
import { openWires, putRequest, type Wire } from './wire.ts'

export interface BestSales {
  urls: string[]
  token: string
  connections: number
  showId: number
  quantity: number
  /** On each connection. */
  salesMax?: number
}

/** Answers of another kind than «sold» and «not together», before a buyer goes away. */
const DISAPPOINTMENTS_MAX = 5

/** Buyers who take what is best, until there is nothing left for them. */
export async function bestSales({
  urls,
  token,
  connections,
  showId,
  quantity,
  salesMax = Number.POSITIVE_INFINITY
}: BestSales): Promise<Report> {
  const wires = await openWires(urls, connections)
  const tally = openTally()
  await Promise.all(wires.map((wire, n) => buyAll(wire, n)))
  for (const wire of wires) wire.close()
  return tally.report()

  async function buyAll(wire: Wire, first: number): Promise<void> {
    let disappointments = 0
    for (let n = first; n < salesMax * connections && disappointments < DISAPPOINTMENTS_MAX; n += connections) {
      const orderId = randomUUID()
      const request = putRequest(`/sales/${orderId}`, token, JSON.stringify({ showId, best: { quantity }, ...buyerOf(n) }))
      const answer = await wire.send(request).catch(tally.fail)
      if (!answer || tally.count(answer, (body) => faultOf(body, orderId))) continue
      if (answer.body.includes('NOT_TOGETHER')) return
      disappointments++
    }
  }

  function faultOf(body: unknown, orderId: string): string | undefined {
    const { orderId: got, lines } = body as { orderId: string; lines: Array<{ seatNo: number }> }
    if (got !== orderId) return `asked for order ${orderId}, got ${got}`
    const seats = new Set(lines.map(({ seatNo }) => seatNo)).size
    return seats === quantity ? undefined : `asked for ${quantity} seats, got ${seats}`
  }
}
