import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { faultOf } from './sales.ts'
import { openTally, type Report } from './tally.ts'
import { openWires, putRequest, shared } from './wire.ts'

export interface Holds {
  urls: string[]
  token: string
  connections: number
  perSecond: number
  /** One hold each, in this order. */
  wishes: Array<{ showId: number; seatNos: number[] }>
}

/** Holds at a steady rate, whatever the answers take: so latencies are those of equal loads. */
export async function holds({ urls, token, connections, perSecond, wishes }: Holds): Promise<Report> {
  const wires = await openWires(urls, connections)
  const { send } = shared(wires)
  const tally = openTally()
  await Promise.all(
    wishes.map(async ({ showId, seatNos }, n) => {
      await sleep((n * 1_000) / perSecond)
      const holdId = randomUUID()
      const answer = await send(putRequest(`/holds/${holdId}`, token, JSON.stringify({ showId, seatNos, places: [] }))).catch(tally.fail)
      if (answer)
        tally.count(answer, (body) => faultOf({ ...(body as object), orderId: (body as { holdId: string }).holdId }, holdId, seatNos))
    })
  )
  for (const wire of wires) wire.close()
  return tally.report()
}
