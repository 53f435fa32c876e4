const DIGITS_MAX = 8

/**
 * A Chilean tax number as people type it: with or without points, dash and
 * spaces, the verifier in either case.
 *
 * @returns `12345678-K` as documents carry it, or undefined when the verifier does not belong to the number (modulo 11).
 */
export function rutOf(typed: string): string | undefined {
  const match = /^([0-9]+)([0-9K])$/.exec(typed.toUpperCase().replaceAll(/[\s.\-‐–]/g, ''))
  if (!match) return undefined
  const digits = match[1]!.replace(/^0+/, '')
  if (digits === '' || digits.length > DIGITS_MAX || verifierOf(digits) !== match[2]) return undefined
  return `${digits}-${match[2]}`
}

function verifierOf(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, place) => total + Number(digit) * (2 + (place % 6)), 0)
  const rest = 11 - (sum % 11)
  return rest === 11 ? '0' : rest === 10 ? 'K' : String(rest)
}
