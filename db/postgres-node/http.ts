import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { FollowOrder, FollowOutcome, NodeState, Prepared, Term } from '../../chassis/postgres-node.ts'
import { onlyWith } from '../../chassis/server.ts'
import { bootstrap } from './bootstrap.ts'
import { follow } from './follow.ts'
import { gate } from './gate.ts'
import { look } from './look.ts'
import type { Node } from './node.ts'
import { prepare } from './prepare.ts'
import { promote } from './promote.ts'

const Done = Type.Object({ done: Type.Boolean() })
const Gate = Type.Object({ epoch: Type.Integer({ minimum: 1 }) })

/**
 * The orders a node takes. Each may be sent again; which of two controllers sent
 * it does not matter. What comes before the node is open waits for it.
 */
export const http: FastifyPluginAsyncTypebox<{ token: string; node: Promise<Node> }> = async (app, { token, node }) => {
  app.addHook('onRequest', onlyWith(token))

  app.get('/state', { schema: { response: { 200: NodeState } } }, async () => look(await node))

  app.post('/bootstrap', { schema: { body: Term, response: { 200: Done } } }, async ({ body }) => {
    await bootstrap(await node, body)
    return { done: true }
  })

  app.post('/prepare', { schema: { body: Term, response: { 200: Prepared } } }, async ({ body }) => prepare(await node, body))

  app.post('/promote', { schema: { body: Term, response: { 200: Done } } }, async ({ body }) => {
    await promote(await node, body)
    return { done: true }
  })

  app.post('/gate', { schema: { body: Gate, response: { 200: Done } } }, async ({ body }) => {
    await gate(await node, body)
    return { done: true }
  })

  app.post('/follow', { schema: { body: FollowOrder, response: { 200: FollowOutcome } } }, async ({ body }) => follow(await node, body))
}
