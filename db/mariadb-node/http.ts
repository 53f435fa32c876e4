import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { onlyWith } from '../../chassis/server.ts'
import type { Node } from './node.ts'
import { promote, yieldTo } from './promote.ts'

const Wish = Type.Object({
  alone: Type.Optional(Type.Boolean()),
  force: Type.Optional(Type.Boolean()),
  acceptLoss: Type.Optional(Type.Boolean())
})
const Order = Type.Object({ term: Type.Integer({ minimum: 1 }), leader: Type.String({ minLength: 1 }), alone: Type.Boolean() })

/** What the agent tells, and the orders it takes: one from an operator, one from the other agent. */
export const http: FastifyPluginAsyncTypebox<{ token: string; node: Node }> = async (app, { token, node }) => {
  app.get('/readyz', async (_request, reply) => {
    const { missing } = node.state()
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing })
  })

  app.get('/state', { onRequest: onlyWith(token) }, async () => node.state())

  app.post('/promote', { onRequest: onlyWith(token), schema: { body: Wish } }, async ({ body }) => promote(node, body))

  app.post('/yield', { onRequest: onlyWith(token), schema: { body: Order } }, async ({ body }) => {
    await yieldTo(node, body)
    return { done: true }
  })
}
