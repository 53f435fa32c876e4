import { createHash } from 'node:crypto'
import { type BestChoice, type Choice, type Places, SEATS_PER_ORDER_MAX, type Wish } from '../contracts/values.ts'
import { refuse } from './refusals.ts'

/**
 * A wish in the one form in which two equal wishes are equal: seats and zones
 * ascending, a zone once per ticket type, the first type not named.
 *
 * @throws Refusal `EMPTY_CHOICE`, `TOO_MANY_TICKETS` or `TICKET_TYPES_UNEVEN`.
 */
export function canonical(wish: Wish): Wish {
  return 'best' in wish ? canonicalBest(wish as BestChoice) : canonicalChoice(wish)
}

/** What a canonical wish is recognised by. A choice of first types has the one it had before there were types. */
export function fingerprintOf(wish: Wish): string {
  return createHash('sha256').update(JSON.stringify(wish)).digest('hex')
}

function canonicalChoice({ showId, seatNos, typeNos = [], places }: Choice): Choice {
  if (typeNos.length > 0) mustBeEven(typeNos, seatNos.length)
  const seats = seatNos.map((seatNo, i) => ({ seatNo, typeNo: typeNos[i] ?? 1 })).sort((a, b) => a.seatNo - b.seatNo)
  const zones = eachOnce(places)
  const tickets = zones.reduce((sum, { quantity }) => sum + quantity, seats.length)
  if (tickets === 0) throw refuse('EMPTY_CHOICE')
  if (tickets > SEATS_PER_ORDER_MAX) throw refuse('TOO_MANY_TICKETS', { max: SEATS_PER_ORDER_MAX })
  return { showId, seatNos: seats.map(({ seatNo }) => seatNo), ...named(seats.map(({ typeNo }) => typeNo)), places: zones }
}

function canonicalBest({ showId, best: { quantity, category, sectionNo, accessible, apart, typeNos = [] } }: BestChoice): BestChoice {
  if (typeNos.length > 0) mustBeEven(typeNos, quantity)
  return {
    showId,
    best: {
      quantity,
      ...(category !== undefined && { category }),
      ...(sectionNo !== undefined && { sectionNo }),
      ...(accessible !== undefined && { accessible }),
      ...(apart && { apart }),
      ...named(typeNos)
    }
  }
}

function eachOnce(places: Places[]): Places[] {
  const typed = places.map(({ typeNo = 1, ...place }) => ({ ...place, typeNo }))
  return [...Map.groupBy(typed, ({ zoneNo, typeNo }) => `${zoneNo} ${typeNo}`).values()]
    .map((same) => ({ ...same[0]!, quantity: same.reduce((sum, { quantity }) => sum + quantity, 0) }))
    .sort((a, b) => a.zoneNo - b.zoneNo || a.typeNo - b.typeNo)
    .map(({ zoneNo, quantity, typeNo }) => ({ zoneNo, quantity, ...(typeNo > 1 && { typeNo }) }))
}

function named(typeNos: number[]): { typeNos?: number[] } {
  return typeNos.some((typeNo) => typeNo > 1) ? { typeNos } : {}
}

function mustBeEven(typeNos: number[], seats: number): void {
  if (typeNos.length !== seats) throw refuse('TICKET_TYPES_UNEVEN', { seats, types: typeNos.length })
}
