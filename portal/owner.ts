import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../chassis/errors.ts'

const COOKIE = 'compra'
const YEAR_SECONDS = 365 * 24 * 60 * 60

/**
 * The id of a purchase that may begin, signed, for the form of one page. An id
 * alone must not be enough to begin with: whoever learns the id of somebody
 * else's purchase, say from a link that has ended, would own it by sending it.
 */
export function newPurchase(request: FastifyRequest): string {
  return request.server.signCookie(randomUUID())
}

/** @throws Refusal when the id is none that {@link newPurchase} gave out. */
export function purchaseIn(request: FastifyRequest, signed: string): string {
  const { valid, value } = request.unsignCookie(signed)
  if (!valid) throw new Refusal('BAD_INPUT', 400, 'Not a form of ours', {})
  return value
}

/**
 * Makes a purchase this browser's. Each purchase has a signed cookie of its own
 * that is sent to its own pages only: two tabs that buy at the same moment
 * cannot overwrite each other's, as they could in one list.
 */
export function own(request: FastifyRequest, reply: FastifyReply, purchaseId: string, publicUrl: string): void {
  if (owns(request, purchaseId)) return
  reply.setCookie(COOKIE, purchaseId, {
    path: `/compras/${purchaseId}`,
    signed: true,
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https:'),
    maxAge: YEAR_SECONDS
  })
}

/** @throws Refusal a 404, the same for a purchase of somebody else's and for one that does not exist. */
export function onlyOwner(request: FastifyRequest, purchaseId: string): void {
  if (!owns(request, purchaseId)) throw new Refusal('NO_SUCH_PAGE', 404, 'Not a purchase of this browser', {})
}

function owns(request: FastifyRequest, purchaseId: string): boolean {
  const cookie = request.cookies[COOKIE]
  if (cookie === undefined) return false
  const { valid, value } = request.unsignCookie(cookie)
  return valid && value === purchaseId
}
