import { type Choice, SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import { refuse } from './refusals.ts'

/** What a buyer chose, in the one form in which two equal choices are equal: everything ascending, every zone once. */
export interface Chosen {
  showId: number
  seatNos: number[]
  zoneNos: number[]
  /** Beside `zoneNos`. */
  quantities: number[]
}

/** @throws Refusal `EMPTY_CHOICE` or `TOO_MANY_TICKETS`. */
export function chosenOf({ showId, seatNos, places }: Choice): Chosen {
  const quantityOf = new Map<number, number>()
  for (const { zoneNo, quantity } of places) quantityOf.set(zoneNo, (quantityOf.get(zoneNo) ?? 0) + quantity)
  const zoneNos = [...quantityOf.keys()].sort((a, b) => a - b)
  const chosen = {
    showId,
    seatNos: seatNos.toSorted((a, b) => a - b),
    zoneNos,
    quantities: zoneNos.map((zoneNo) => quantityOf.get(zoneNo)!)
  }
  const tickets = ticketsOf(chosen)
  if (tickets === 0) throw refuse('EMPTY_CHOICE')
  if (tickets > SEATS_PER_ORDER_MAX) throw refuse('TOO_MANY_TICKETS', { max: SEATS_PER_ORDER_MAX })
  return chosen
}

export function ticketsOf({ seatNos, quantities }: Chosen): number {
  return quantities.reduce((sum, quantity) => sum + quantity, seatNos.length)
}

export function placesOf({ zoneNos, quantities }: Chosen): Choice['places'] {
  return zoneNos.map((zoneNo, i) => ({ zoneNo, quantity: quantities[i]! }))
}
