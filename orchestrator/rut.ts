/**
 * Whether the verifier of a Chilean RUT belongs to its number (modulo 11).
 *
 * @param rut - Without points, with a hyphen, verifier in upper case: `12345678-5`.
 */
export function isRut(rut: string): boolean {
  const [number = '', verifier] = rut.split('-')
  const sum = [...number].reverse().reduce((total, digit, i) => total + Number(digit) * (2 + (i % 6)), 0)
  const rest = 11 - (sum % 11)
  return Number(number) > 0 && verifier === (rest === 11 ? '0' : rest === 10 ? 'K' : String(rest))
}
