import type { FastifyPluginAsync } from 'fastify'
import { onlyWith } from '../../chassis/server.ts'
import type { Place } from './command-line.ts'
import type { Report } from './duty.ts'

/** What the agent tells: whether the node does its part, and to those who hold the token, how it stands. */
export const http: FastifyPluginAsync<{ place: Place; token: string; report: () => Report }> = async (app, { place, token, report }) => {
  app.get('/readyz', async (_request, reply) => {
    const { missing } = report()
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing })
  })

  app.get('/state', { onRequest: onlyWith(token) }, async () => ({ ...place, ...report() }))
}
