import { type Choice, SEATS_PER_ORDER_MAX, TICKET_TYPES_MAX } from '../contracts/values.ts'

/** Fields of the form as they come: text, or a list of texts where a name stands more than once. */
export type Fields = Readonly<Record<string, unknown>>

/** The most fields of one name that are looked at: more than an order may have is refused as too many, not read to its end. */
const READ_MAX = SEATS_PER_ORDER_MAX + 1
const ZONE_FIELDS_MAX = 200

/**
 * What was chosen: `asiento` names a seat each, `tipo-N` is the ticket type of
 * seat N, `zona-N` the quantity in zone N, `zona-N-tipo-T` that of a type after the first.
 *
 * @returns undefined when it is no form of ours.
 */
export function choiceOf(fields: Fields): Choice | undefined {
  const showId = numberOf(fields.funcion)
  const seatNos = [...new Set(listOf(fields.asiento).map(numberOf))]
  const typeNos = seatNos.map((seatNo) => (fields[`tipo-${seatNo}`] === undefined ? 1 : typeNoOf(fields[`tipo-${seatNo}`])))
  const places = placesOf(fields)
  if ([showId, ...seatNos, ...typeNos, ...places.flatMap(Object.values)].includes(undefined)) return undefined
  return {
    showId: showId!,
    seatNos: seatNos as number[],
    ...(typeNos.some((typeNo) => typeNo !== 1) ? { typeNos: typeNos as number[] } : {}),
    places: places as Choice['places']
  }
}

function placesOf(fields: Fields) {
  return Object.entries(fields)
    .flatMap(([name, quantity]) => {
      const [, zoneNo, typeNo] = /^zona-(\d{1,9})(?:-tipo-(\d{1,2}))?$/.exec(name) ?? []
      return zoneNo === undefined || quantity === '0' ? [] : [{ zoneNo, typeNo, quantity }]
    })
    .slice(0, ZONE_FIELDS_MAX)
    .map(({ zoneNo, typeNo, quantity }) => ({
      zoneNo: numberOf(zoneNo),
      quantity: numberOf(quantity),
      ...(typeNo === undefined ? {} : { typeNo: typeNoOf(typeNo) })
    }))
}

export function ticketsOf({ seatNos, places }: Choice): number {
  return places.reduce((sum, { quantity }) => sum + quantity, seatNos.length)
}

/** Seats to mark on a page, with their ticket types, as one text: `4,5.2,6`. */
export function carriedOf(seats: Iterable<readonly [seatNo: number, typeNo: number]>): string {
  return Array.from(seats, ([seatNo, typeNo]) => (typeNo === 1 ? String(seatNo) : `${seatNo}.${typeNo}`)).join()
}

/** The seats of such a text; what is no seat is passed over. */
export function carriedIn(text: unknown): Map<number, number> {
  const parts = typeof text === 'string' ? text.split(',', READ_MAX) : []
  return new Map(
    parts.flatMap((part) => {
      const [seatNo, typeNo = '1'] = part.split('.')
      const [seat, type] = [numberOf(seatNo), typeNoOf(typeNo)]
      return seat && type ? [[seat, type]] : []
    })
  )
}

export function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value.slice(0, READ_MAX) : [value]
}

/** A whole number from 1 to what a key may be. */
export function numberOf(text: unknown): number | undefined {
  return typeof text === 'string' && /^[1-9]\d{0,9}$/.test(text) && Number(text) <= 2_147_483_647 ? Number(text) : undefined
}

export function typeNoOf(text: unknown): number | undefined {
  const typeNo = numberOf(text)
  return typeNo !== undefined && typeNo <= TICKET_TYPES_MAX ? typeNo : undefined
}
