import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../chassis/errors.ts'

/** The one door that other people's pages may send a form to: the bank's way back. It changes nothing that the bank does not confirm. */
export const BANK_RETURN = '/pago/retorno'

/**
 * Lets a form in only from a page of ours. Browsers say where a form comes from;
 * what says nothing is no browser, and has no cookies that somebody could borrow.
 *
 * @throws Refusal `FOREIGN_FORM`.
 */
export async function onlyOwnForms(request: FastifyRequest, _reply: FastifyReply): Promise<void> {
  if (request.method === 'GET' || request.method === 'HEAD' || request.url.split('?')[0] === BANK_RETURN) return
  const { origin, host, 'sec-fetch-site': site } = request.headers
  if (site === 'same-origin') return
  if (site === undefined && (origin === undefined || hostOf(origin) === host)) return
  throw new Refusal('FOREIGN_FORM', 403, 'This form comes from somewhere else', {})
}

/**
 * Brings people who came by another name of this machine to the public one: the
 * bank sends them back there, and their cookies belong to one name.
 */
export function onlyPublicHost(publicUrl: string) {
  const publicHost = new URL(publicUrl).host
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { host, 'sec-fetch-mode': mode } = request.headers
    if (request.method !== 'GET' || mode !== 'navigate' || host === publicHost || !request.url.startsWith('/')) return undefined
    return reply.redirect(`${publicUrl}${request.url}`, 302)
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
