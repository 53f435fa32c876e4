const BASE = 0x10000
const LOW_BITS = 10

/**
 * SQL that packs whole numbers from 0 to 2²⁰ - 1 into one text: each is a
 * character beyond the first plane. Half as long on the wire as bytes, which
 * the driver gets as hexadecimal; no sort, no group, no row per number.
 */
export function packed(column: string): string {
  return `coalesce(string_agg(chr(${BASE} + ${column}), ''), '')`
}

/** @returns The highest of the packed numbers; 0 where there are none. */
export function highestOf(text: string): number {
  let highest = 0
  for (let i = 0; i < text.length; i += 2) highest = Math.max(highest, numberAt(text, i))
  return highest
}

/** Turns on bit `n - 1` of `bits`, lowest bit first, for every packed number `n` from 1 to the last bit. */
export function turnOn(bits: Uint8Array, text: string): void {
  for (let i = 0; i < text.length; i += 2) {
    const bit = numberAt(text, i) - 1
    bits[bit >> 3]! |= 1 << (bit & 7)
  }
}

export function isOn(bits: Uint8Array, n: number): boolean {
  return ((bits[(n - 1) >> 3] ?? 0) >> ((n - 1) & 7)) % 2 === 1
}

/** JavaScript holds such a character as two halves of ten bits, and the base is gone from them. */
function numberAt(text: string, i: number): number {
  return ((text.charCodeAt(i) & 0x3ff) << LOW_BITS) | (text.charCodeAt(i + 1) & 0x3ff)
}
