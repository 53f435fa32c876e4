import { createHash } from 'node:crypto'

/**
 * An id that follows from what it names: done again, after a crash or on a
 * restored database, the same thing gets the same id.
 *
 * @see RFC 9562, version 8
 */
export function namedId(...names: string[]): string {
  const bytes = createHash('sha256').update(names.join('\n')).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
