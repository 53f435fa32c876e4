import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { FollowOrder, FollowOutcome, NodeState, Prepared, Term } from '../../chassis/postgres-node.ts'
import { onlyWith } from '../../chassis/server.ts'
import { bootstrap } from './bootstrap.ts'
import { follow } from './follow.ts'
import { look } from './look.ts'
import type { Node } from './node.ts'
import { prepare } from './prepare.ts'
import { promote } from './promote.ts'

const Done = Type.Object({ done: Type.Boolean() })

/** The orders a node takes. Each may be sent again; which of two controllers sent it does not matter. */
export const http: FastifyPluginAsyncTypebox<{ node: Node }> = async (app, { node }) => {
  app.addHook('onRequest', onlyWith(node.config.AGENT_TOKEN))

  app.get('/state', { schema: { response: { 200: NodeState } } }, () => look(node))

  app.post('/bootstrap', { schema: { body: Term, response: { 200: Done } } }, async ({ body }) => {
    await bootstrap(node, body)
    return { done: true }
  })

  app.post('/prepare', { schema: { body: Term, response: { 200: Prepared } } }, ({ body }) => prepare(node, body))

  app.post('/promote', { schema: { body: Term, response: { 200: Done } } }, async ({ body }) => {
    await promote(node, body)
    return { done: true }
  })

  app.post('/follow', { schema: { body: FollowOrder, response: { 200: FollowOutcome } } }, ({ body }) => follow(node, body))
}
