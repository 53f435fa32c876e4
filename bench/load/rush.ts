import { randomUUID } from 'node:crypto'
import { faultOf, saleOf } from './sales.ts'
import { openTally, type Report } from './tally.ts'
import { openWires, putRequest } from './wire.ts'

export interface Rush {
  urls: string[]
  token: string
  buyers: number
  showId: number
  seatNos: number[]
  /** What answers 200 without selling anything. */
  empty?: boolean
}

/** Everybody at once, each on a connection of their own that is open already, for the same seats. */
export async function rush({ urls, token, buyers, showId, seatNos, empty = false }: Rush): Promise<Report> {
  const wires = await openWires(urls, buyers)
  const requests = wires.map((_, n) => {
    const orderId = randomUUID()
    return { orderId, request: putRequest(`/sales/${orderId}`, token, saleOf(showId, seatNos, n)) }
  })
  const tally = openTally()
  await Promise.all(
    wires.map(async (wire, n) => {
      const { orderId, request } = requests[n]!
      const answer = await wire.send(request).catch(tally.fail)
      if (answer) tally.count(answer, (body) => (empty ? undefined : faultOf(body, orderId, seatNos)))
    })
  )
  for (const wire of wires) wire.close()
  return tally.report()
}
