import type { Chosen } from './choice.ts'
import type { Facts, Writes } from './decide.ts'
import type { LockedSeat } from './stock.ts'

/** Takes what was found free: the commands after this one see it taken, and the batch writes it. */
export function take(
  { showId, seatNos, zoneNos, quantities }: Chosen,
  { stock }: Facts,
  writes: Writes,
  now: Pick<LockedSeat, 'state' | 'holder_id' | 'held_until'>
): void {
  const seats = stock.seats.get(showId)
  for (const seatNo of seatNos) {
    const seat = seats!.get(seatNo)!
    Object.assign(seat, now)
    writes.seats.add(seat)
  }
  zoneNos.forEach((zoneNo, i) => {
    const zone = stock.zones.get(showId)!.get(zoneNo)!
    if (now.state === 'held') zone.held += quantities[i]!
    else zone.sold += quantities[i]!
    writes.zones.add(zone)
  })
}
