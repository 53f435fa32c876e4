import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { ConfirmChannel } from 'amqplib'
import type { FastifyReply } from 'fastify'
import { Value } from 'typebox/value'
import { isUnavailable, isUnknown, Refusal } from '../chassis/errors.ts'
import { readLink } from '../chassis/link.ts'
import type { Tx } from '../chassis/postgres.ts'
import { Problem } from '../chassis/problem.ts'
import { onlyWith } from '../chassis/server.ts'
import { Documents, TicketKeys } from '../contracts/documents.ts'
import { LostTickets, Purchase } from '../contracts/purchase.ts'
import { Uuid } from '../contracts/values.ts'
import { askLostTickets } from './ask-lost-tickets.ts'
import { enterDocumented } from './await-documents.ts'
import { type Kit, store } from './kit.ts'
import { findPurchase, type StoredPurchase, viewOf } from './purchases.ts'
import { refuse } from './refusals.ts'

const Problems = { '4xx': Problem, '5xx': Problem }
const LINE_NO_MAX = 1_000

export interface DocumentOptions {
  kit: Kit
  token: string
  linkSecret: string
  /** The broker's channel while there is one. */
  channel: () => ConfirmChannel | undefined
}

/** The doors of what was bought. Reading a document needs billing alone: it works while nothing can be sold. */
export const documentDoors: FastifyPluginAsyncTypebox<DocumentOptions> = async (app, { kit, token, linkSecret, channel }) => {
  app.addHook('onRequest', onlyWith(token))
  const params = Type.Object({ purchaseId: Uuid })

  app.get('/purchases/:purchaseId/documents', { schema: { params, response: { 200: Documents, ...Problems } } }, async (request) => {
    const purchaseId = request.params.purchaseId.toLowerCase()
    const documents = await kit.documents.find(purchaseId)
    if (documents.state === 'ready') noteReady(kit, purchaseId)
    else await knownPurchase(kit, purchaseId)
    return documents
  })

  for (const name of ['receipt.pdf', 'tickets.pdf'] as const) {
    app.get(`/purchases/:purchaseId/documents/${name}`, { schema: { params } }, ({ params: { purchaseId } }, reply) =>
      send(kit, reply, purchaseId.toLowerCase(), name)
    )
  }

  const line = Type.Object({ purchaseId: Uuid, lineNo: Type.Integer({ minimum: 1, maximum: LINE_NO_MAX }) })
  app.get(
    '/purchases/:purchaseId/documents/tickets/:lineNo.pdf',
    { schema: { params: line } },
    ({ params: { purchaseId, lineNo } }, reply) => send(kit, reply, purchaseId.toLowerCase(), `tickets/${lineNo}.pdf`)
  )

  app.get('/ticket-keys', { schema: { response: { 200: TicketKeys, ...Problems } } }, () => kit.documents.keys())

  app.get(
    '/links/:token',
    { schema: { params: Type.Object({ token: Type.String({ maxLength: 200 }) }), response: { 200: Purchase, ...Problems } } },
    async (request) => {
      const read = readLink(linkSecret, request.params.token, new Date())
      if (read === 'unknown') throw refuse('LINK_UNKNOWN')
      if (read === 'expired') throw refuse('LINK_EXPIRED')
      return viewOf(await store(kit, (tx) => findLinked(tx, read.id)))
    }
  )

  app.post('/lost-tickets', { schema: { body: LostTickets, response: { 202: Type.Object({}), ...Problems } } }, async ({ body }, reply) => {
    await askLostTickets(kit, channel(), body, linkSecret)
    return reply.code(202).send({})
  })
}

async function send({ documents }: Kit, reply: FastifyReply, orderId: string, name: string): Promise<FastifyReply> {
  const { bytes, headers } = await documents.file(orderId, name)
  return reply.headers(headers).send(bytes)
}

/** What was read needs no database of ours; that it was read is noted when there is one. */
function noteReady(kit: Kit, purchaseId: string): void {
  enterDocumented(kit, purchaseId).catch((err: unknown) => kit.log.info({ err, orderId: purchaseId }, 'not noted as documented'))
}

/** An id that nobody knows waits for nothing. While the purchases cannot be read, nobody knows that. */
async function knownPurchase(kit: Kit, purchaseId: string): Promise<void> {
  await store(kit, (tx) => findPurchase(tx, purchaseId)).catch((err: unknown) => {
    if (!isUnavailable(err) && !isUnknown(err)) throw err
  })
}

/** A link tells nobody whether an id was ever sold: what it does not lead to is unknown like a link that was made up. */
async function findLinked(tx: Tx, id: string): Promise<StoredPurchase> {
  if (!Value.Check(Uuid, id)) throw refuse('LINK_UNKNOWN')
  return findPurchase(tx, id).catch((err: unknown) => {
    throw err instanceof Refusal ? refuse('LINK_UNKNOWN') : err
  })
}
