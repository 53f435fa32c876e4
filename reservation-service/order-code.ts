import { randomInt } from 'node:crypto'

const CODE_CHARS = 8
/** No two of these look or sound alike on a phone: no 0 O, 1 I L, 2 Z, 5 S, 8 B. */
const ALPHABET = '34679ACDEFGHJKMNPQRTUVWXY'

/** The short name of an order for people: 1.5e11 of them, so a collision is rare and the unique index catches it. */
export function newOrderCode(): string {
  return Array.from({ length: CODE_CHARS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}
