import { createPublicKey, sign, verify } from 'node:crypto'
import type { TicketKeys } from '../contracts/documents.ts'
import type { SigningKey } from './ticket-keys.ts'

const VERSION = 'TF1'
const ID_BYTES = 16
const PAYLOAD_BYTES = ID_BYTES + 4 + 2
/** What two bytes hold. */
export const LINE_NO_MAX = 65_535

export interface TicketFacts {
  ticketId: string
  showId: number
  lineNo: number
}

export type Verdict =
  | { valid: true; kid: string; ticket: TicketFacts }
  | { valid: false; reason: 'malformed' | 'key unknown' | 'signature wrong' }

/**
 * The text in a ticket's QR: which ticket, which show, which line, and a
 * signature that a gate checks without a network. The same ticket is the same
 * text, for ever: Ed25519 signs without chance.
 *
 * @see RFC 8032
 */
export function signTicket({ kid, privateKey }: SigningKey, { ticketId, showId, lineNo }: TicketFacts): string {
  const payload = Buffer.alloc(PAYLOAD_BYTES)
  payload.write(ticketId.replaceAll('-', ''), 'hex')
  payload.writeUInt32BE(showId, ID_BYTES)
  payload.writeUInt16BE(lineNo, ID_BYTES + 4)
  const signed = `${VERSION}.${kid}.${payload.toString('base64url')}`
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
}

/** What a gate does with a QR text: says whose signature it bears, or why it is none of ours. It knows nothing of refunds. */
export function verifyTicket({ keys }: TicketKeys, text: string): Verdict {
  const [version, kid = '', payload = '', signature = '', ...rest] = text.split('.')
  const [bytes, signatureBytes] = [canonical(payload), canonical(signature)]
  if (version !== VERSION || rest.length > 0 || bytes?.length !== PAYLOAD_BYTES || !signatureBytes)
    return { valid: false, reason: 'malformed' }
  const key = keys.find((candidate) => candidate.kid === kid)
  if (!key) return { valid: false, reason: 'key unknown' }

  const { kty, crv, x } = key
  const signed = Buffer.from(`${version}.${kid}.${payload}`)
  const genuine = verify(null, signed, createPublicKey({ key: { kty, crv, x }, format: 'jwk' }), signatureBytes)
  return genuine ? { valid: true, kid, ticket: factsOf(bytes) } : { valid: false, reason: 'signature wrong' }
}

/** The decoder passes over stray characters; only the one spelling that we write is ours. */
function canonical(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

function factsOf(payload: Buffer): TicketFacts {
  const hex = payload.toString('hex', 0, ID_BYTES)
  const ticketId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  return { ticketId, showId: payload.readUInt32BE(ID_BYTES), lineNo: payload.readUInt16BE(ID_BYTES + 4) }
}
