import type { FastifyReply } from 'fastify'

/**
 * Says in a reply where its time went, in the order given: what curl and a browser's network view show.
 *
 * @param milliseconds - By name: a word of letters, digits and dashes.
 * @see https://www.w3.org/TR/server-timing/
 */
export function serverTiming(reply: FastifyReply, milliseconds: Record<string, number>): void {
  const own = Object.entries(milliseconds).map(([name, ms]) => `${name};dur=${Math.round(ms * 10) / 10}`)
  const said = reply.getHeader('server-timing')
  reply.header('server-timing', [...(said === undefined ? [] : [said]), ...own].join(', '))
}
