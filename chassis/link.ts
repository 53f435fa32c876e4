import { createHmac, timingSafeEqual } from 'node:crypto'

const SECONDS_MS = 1_000

/**
 * A signed address that works without an account: who holds it may see the
 * thing, until it ends. It carries an id and its end, nothing else, and nobody
 * without the secret can make one.
 *
 * @param id - Anything without a point.
 * @param expiresAt - Rounded down to a whole second.
 */
export function makeLink(secret: string, id: string, expiresAt: Date): string {
  const text = Buffer.from(`${id}.${Math.floor(expiresAt.getTime() / SECONDS_MS)}`).toString('base64url')
  return `${text}.${signature(secret, text).toString('base64url')}`
}

/** @returns The id, or why not: a link that was changed by one character is as unknown as one that never was. */
export function readLink(secret: string, token: string, now: Date): { id: string } | 'unknown' | 'expired' {
  const [text = '', signed = '', ...rest] = token.split('.')
  const given = Buffer.from(signed, 'base64url')
  const made = signature(secret, text)
  // The decoder passes over stray characters; only the one canonical spelling is ours.
  if (rest.length > 0 || signed !== given.toString('base64url') || given.length !== made.length) return 'unknown'
  if (!timingSafeEqual(given, made)) return 'unknown'

  const [id = '', expires = ''] = Buffer.from(text, 'base64url').toString().split('.')
  if (id === '' || !/^\d+$/.test(expires)) return 'unknown'
  return now.getTime() < Number(expires) * SECONDS_MS ? { id } : 'expired'
}

function signature(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}
