import { type Choice, SEATS_PER_ORDER_MAX } from '../contracts/values.ts'

/** Fields of the form as they come: text, or a list of texts where a name stands more than once. */
export type Fields = Readonly<Record<string, unknown>>

/** The most fields of one name that are looked at: more than an order may have is refused as too many, not read to its end. */
const READ_MAX = SEATS_PER_ORDER_MAX + 1

/**
 * What was chosen: `asiento` names a seat each, `zona-N` is the quantity in zone N.
 *
 * @returns undefined when it is no form of ours.
 */
export function choiceOf(fields: Fields): Choice | undefined {
  const showId = numberOf(fields.funcion)
  const seatNos = listOf(fields.asiento).map(numberOf)
  const places = Object.entries(fields)
    .filter(([name]) => /^zona-\d{1,9}$/.test(name))
    .slice(0, 100)
    .map(([name, quantity]) => ({ zoneNo: numberOf(name.slice('zona-'.length)), quantity: quantity === '0' ? 0 : numberOf(quantity) }))
    .filter(({ quantity }) => quantity !== 0)
  const all = [showId, ...seatNos, ...places.flatMap(({ zoneNo, quantity }) => [zoneNo, quantity])]
  if (all.includes(undefined)) return undefined
  return { showId: showId!, seatNos: [...new Set(seatNos as number[])], places: places as Choice['places'] }
}

export function ticketsOf({ seatNos, places }: Choice): number {
  return places.reduce((sum, { quantity }) => sum + quantity, seatNos.length)
}

/** The seats named in a query, as `4,5,6`. */
export function seatNosOf(text: unknown): number[] {
  return typeof text === 'string' ? text.split(',', READ_MAX).flatMap((part) => numberOf(part) ?? []) : []
}

export function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value.slice(0, READ_MAX) : [value]
}

/** A whole number from 1 to what a key may be. */
export function numberOf(text: unknown): number | undefined {
  return typeof text === 'string' && /^[1-9]\d{0,9}$/.test(text) && Number(text) <= 2_147_483_647 ? Number(text) : undefined
}
