import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import type { Desk } from './api.ts'
import { closedPage, paymentPage, unknownPage } from './payment-page.ts'
import { decide, type Transaction } from './transaction.ts'

const Token = Type.Object({ token_ws: Type.String({ minLength: 1, maxLength: 64 }) })
const Decided = Type.Object({
  token_ws: Token.properties.token_ws,
  decision: Type.Union([Type.Literal('approve'), Type.Literal('reject'), Type.Literal('abandon')])
})

/** The bank as a buyer's browser sees it. */
export const browser: FastifyPluginAsyncTypebox<Desk> = async (app, { book, commerceCode, isLate }) => {
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer'
    })
  })

  app.get('/webpayserver/initTransaction', { schema: { querystring: Token } }, ({ query }, reply) => show(query.token_ws, reply))
  app.post('/webpayserver/initTransaction', { schema: { body: Token } }, ({ body }, reply) => show(body.token_ws, reply))

  app.post('/webpayserver/decision', { schema: { body: Decided } }, ({ body }, reply) => {
    const transaction = book.find(body.token_ws)
    if (!transaction) return unknown(reply)
    const decided = decide(transaction, body.decision, isLate(transaction))
    if (decided !== transaction) book.keep(decided)
    return back(decided, reply)
  })

  app.post('/webpayserver/closed', (_request, reply) => reply.type('text/html').send(closedPage()))

  function show(token: string, reply: FastifyReply) {
    const transaction = book.find(token)
    if (!transaction) return unknown(reply)
    if (transaction.decision || isLate(transaction)) return back(transaction, reply)
    return reply.type('text/html').send(paymentPage(transaction, commerceCode))
  }
}

function unknown(reply: FastifyReply) {
  return reply.code(404).type('text/html').send(unknownPage())
}

/** Four ways back: `token_ws` for what was decided, TBK_TOKEN beside order and session for what was given up, order and session alone for what ran out. */
function back({ token, buyOrder, sessionId, returnUrl, decision }: Transaction, reply: FastifyReply) {
  const url = new URL(returnUrl)
  if (decision === 'approve' || decision === 'reject') url.searchParams.set('token_ws', token)
  else {
    if (decision === 'abandon') url.searchParams.set('TBK_TOKEN', token)
    url.searchParams.set('TBK_ORDEN_COMPRA', buyOrder)
    url.searchParams.set('TBK_ID_SESION', sessionId)
  }
  return reply.redirect(url.href, 303)
}
