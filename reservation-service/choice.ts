import { type Best, type Choice, SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import { refuse } from './refusals.ts'

/** What a buyer chose, in the one form in which two equal choices are equal: everything ascending, every zone once. */
export interface Chosen {
  showId: number
  seatNos: number[]
  zoneNos: number[]
  /** Beside `zoneNos`. */
  quantities: number[]
  /** One per ticket, seats first, then places; empty when every ticket is of the first type. */
  typeNos: number[]
}

/** @throws Refusal `EMPTY_CHOICE`, `TOO_MANY_TICKETS` or `TICKET_TYPES_UNEVEN`. */
export function chosenOf({ showId, seatNos, typeNos, places }: Choice): Chosen {
  const types = evenTypes(typeNos, seatNos.length)
  const seats = seatNos.map((seatNo, i) => ({ seatNo, typeNo: types[i]! })).sort((a, b) => a.seatNo - b.seatNo)
  const sorted = places.map(({ typeNo = 1, ...place }) => ({ ...place, typeNo })).sort((a, b) => a.zoneNo - b.zoneNo || a.typeNo - b.typeNo)
  const quantityOf = new Map<number, number>()
  for (const { zoneNo, quantity } of sorted) quantityOf.set(zoneNo, (quantityOf.get(zoneNo) ?? 0) + quantity)

  const chosen = {
    showId,
    seatNos: seats.map(({ seatNo }) => seatNo),
    zoneNos: [...quantityOf.keys()],
    quantities: [...quantityOf.values()],
    typeNos: stored([...seats, ...sorted.flatMap((place) => Array.from({ length: place.quantity }, () => place))])
  }
  const tickets = ticketsOf(chosen)
  if (tickets === 0) throw refuse('EMPTY_CHOICE')
  if (tickets > SEATS_PER_ORDER_MAX) throw refuse('TOO_MANY_TICKETS', { max: SEATS_PER_ORDER_MAX })
  return chosen
}

/** The same for seats that were found, and not chosen. */
export function chosenFor(showId: number, seatNos: number[], typeNos: Best['typeNos']): Chosen {
  return chosenOf({ showId, seatNos, ...(typeNos ? { typeNos } : {}), places: [] })
}

export function evenTypes(typeNos: number[] | undefined, seats: number): number[] {
  if (typeNos && typeNos.length !== seats) throw refuse('TICKET_TYPES_UNEVEN', { seats, types: typeNos.length })
  return typeNos ?? Array.from({ length: seats }, () => 1)
}

function stored(tickets: Array<{ typeNo: number }>): number[] {
  return tickets.every(({ typeNo }) => typeNo === 1) ? [] : tickets.map(({ typeNo }) => typeNo)
}

export function ticketsOf({ seatNos, quantities }: Pick<Chosen, 'seatNos' | 'quantities'>): number {
  return quantities.reduce((sum, quantity) => sum + quantity, seatNos.length)
}

/** As the contract tells it: a zone stands there once per ticket type. */
export function placesOf({ seatNos, zoneNos, quantities, typeNos }: Chosen): Choice['places'] {
  if (typeNos.length === 0) return zoneNos.map((zoneNo, i) => ({ zoneNo, quantity: quantities[i]! }))
  let next = seatNos.length
  return zoneNos.flatMap((zoneNo, i) => {
    const types = typeNos.slice(next, next + quantities[i]!)
    next += quantities[i]!
    return [...new Set(types)].map((typeNo) => ({ zoneNo, quantity: types.filter((type) => type === typeNo).length, typeNo }))
  })
}
