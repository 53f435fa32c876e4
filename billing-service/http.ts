import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import type { Pool } from 'mysql2/promise'
import { Type } from 'typebox'
import { Problem } from '../chassis/problem.ts'
import { onlyWith } from '../chassis/server.ts'
import { Documents, TicketKeys } from '../contracts/documents.ts'
import { Uuid } from '../contracts/values.ts'
import { type File, readDocuments, readFile } from './read-documents.ts'
import { LINE_NO_MAX } from './ticket-code.ts'

const OrderParams = Type.Object({ orderId: Uuid })
const TicketParams = Type.Object({ orderId: Uuid, lineNo: Type.Integer({ minimum: 1, maximum: LINE_NO_MAX }) })
const errors = { '4xx': Problem, '5xx': Problem }

interface Options {
  pool: Pool
  /** What the node behind `pool` is at the moment; every answer about documents says it. */
  source: () => Promise<Documents['source']>
  published: TicketKeys
  token: string
}

/**
 * The doors of the service. They only read, so that the replica can answer when
 * the primary is away. Which of the two a node is changes when an operator
 * promotes one, so it is asked for every answer.
 */
export const http: FastifyPluginAsyncTypebox<Options> = async (app, { pool, source, published, token }) => {
  app.addHook('onRequest', onlyWith(token))
  app.get('/ticket-keys', { schema: { response: { 200: TicketKeys, ...errors } } }, async () => published)
  await app.register(documents, { pool, source })
}

const documents: FastifyPluginAsyncTypebox<Pick<Options, 'pool' | 'source'>> = async (app, { pool, source }) => {
  app.addHook('preHandler', async (_request, reply) => void reply.header('x-source', await source()))

  app.get(
    '/orders/:orderId/documents',
    { schema: { params: OrderParams, response: { 200: Documents, ...errors } } },
    async ({ params }, reply) => ({
      ...(await readDocuments(pool, params.orderId)),
      source: reply.getHeader('x-source') as Documents['source']
    })
  )
  app.get('/orders/:orderId/receipt.pdf', { schema: { params: OrderParams } }, async ({ params, headers }, reply) =>
    send(reply, headers['if-none-match'], await readFile(pool, params.orderId, 'receipt'))
  )
  app.get('/orders/:orderId/tickets.pdf', { schema: { params: OrderParams } }, async ({ params, headers }, reply) =>
    send(reply, headers['if-none-match'], await readFile(pool, params.orderId, 'tickets'))
  )
  app.get('/orders/:orderId/tickets/:lineNo.pdf', { schema: { params: TicketParams } }, async ({ params, headers }, reply) =>
    send(reply, headers['if-none-match'], await readFile(pool, params.orderId, `ticket-${params.lineNo}`))
  )
}

/** The bytes never change, so their hash is their version, for ever. */
function send(reply: FastifyReply, known: string | undefined, { fileName, sha256, bytes }: File) {
  reply.header('etag', `"${sha256}"`).header('cache-control', 'private, no-cache')
  if (known === `"${sha256}"`) return reply.code(304).send()
  return reply.type('application/pdf').header('content-disposition', `inline; filename="${fileName}"`).send(bytes)
}
