import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Uuid } from '../contracts/values.ts'
import { streamNews } from './news.ts'
import type { Orchestrator } from './orchestrator.ts'
import { progressOf } from './order-view.ts'
import { onlyOwner } from './owner.ts'

const LINE_NO_MAX = 1_000

/** The documents of a purchase as files, and the news of when they are there. */
export const documentsHttp: FastifyPluginAsyncTypebox<{ orchestrator: Orchestrator }> = async (app, { orchestrator }) => {
  const params = Type.Object({ purchaseId: Uuid })
  const news = streamNews(async (purchaseId) => {
    const purchase = await orchestrator.find(purchaseId)
    const documents = purchase.code ? await orchestrator.documents(purchaseId).catch(() => undefined) : undefined
    return progressOf(purchase, documents)
  })
  app.addHook('onClose', async () => news.close())

  app.get('/compras/:purchaseId/boleta.pdf', { schema: { params } }, async (request, reply) => {
    onlyOwner(request, request.params.purchaseId)
    return send(reply, request.params.purchaseId, 'receipt.pdf', 'boleta')
  })

  app.get('/compras/:purchaseId/entradas.pdf', { schema: { params } }, async (request, reply) => {
    onlyOwner(request, request.params.purchaseId)
    return send(reply, request.params.purchaseId, 'tickets.pdf', 'entradas')
  })

  app.get(
    '/compras/:purchaseId/entradas/:lineNo.pdf',
    { schema: { params: Type.Object({ purchaseId: Uuid, lineNo: Type.Integer({ minimum: 1, maximum: LINE_NO_MAX }) }) } },
    async (request, reply) => {
      const { purchaseId, lineNo } = request.params
      onlyOwner(request, purchaseId)
      return send(reply, purchaseId, `tickets/${lineNo}.pdf`, `entrada-${lineNo}`)
    }
  )

  app.get(
    '/compras/:purchaseId/eventos',
    { schema: { params, querystring: Type.Object({ visto: Type.String({ maxLength: 40, default: '' }) }) } },
    async (request, reply) => {
      onlyOwner(request, request.params.purchaseId)
      return news.open(reply, request.params.purchaseId, request.query.visto)
    }
  )

  /** As it comes, without keeping it; where it was read from is passed on. */
  async function send(reply: FastifyReply, purchaseId: string, path: string, name: string): Promise<FastifyReply> {
    const { body, headers } = await orchestrator.file(purchaseId, path)
    const length = headers.get('content-length')
    if (length !== null) reply.header('content-length', length)
    return reply
      .headers({
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="${name}-${purchaseId.slice(0, 8)}.pdf"`,
        'x-source': headers.get('x-source') ?? 'primary'
      })
      .send(Readable.fromWeb(body as ReadableStream))
  }
}
