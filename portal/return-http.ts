import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Value } from 'typebox/value'
import { crashPoint } from '../chassis/crash-point.ts'
import { isUnavailable, isUnknown, Refusal } from '../chassis/errors.ts'
import { BankReturn } from '../contracts/purchase.ts'
import type { Orchestrator } from './orchestrator.ts'
import { render, wordsOf } from './render.ts'
import { BANK_RETURN } from './same-origin.ts'

/**
 * Where the bank sends the buyer back to, by a form or a link. What it says is
 * passed on; whatever became of the payment, the purchase's own page tells.
 */
export const returnHttp: FastifyPluginAsyncTypebox<{ orchestrator: Orchestrator }> = async (app, { orchestrator }) => {
  app.get(BANK_RETURN, { schema: { querystring: Type.Object({}) } }, (request, reply) => takeReturn(request, reply, request.query))
  app.post(BANK_RETURN, { schema: { body: Type.Object({}) } }, (request, reply) => takeReturn(request, reply, request.body))

  async function takeReturn(request: FastifyRequest, reply: FastifyReply, fields: object) {
    const sent = Object.fromEntries(Object.entries(fields).filter(([name]) => name in BankReturn.properties))
    if (!Value.Check(BankReturn, sent)) throw new Refusal('BAD_INPUT', 400, 'Not what a bank sends', {})
    try {
      const { purchaseId, state } = await orchestrator.returnFromBank(sent)
      crashPoint('portal-return-known')
      return reply.redirect(`/compras/${purchaseId}${state === 'paying' ? '?confirmando=1' : ''}`, 303)
    } catch (err) {
      if (isUnknown(err) || isUnavailable(err)) return askAgain(request, reply, sent) // who has approved must not have to know that
      throw err
    }
  }

  /** The same return again: it is recognised by its token, and the bank is never asked to charge twice. */
  function askAgain(request: FastifyRequest, reply: FastifyReply, sent: BankReturn) {
    const { confirming } = wordsOf(request)
    const fields = Object.entries(sent).map(([name, value]) => ({ name, value }))
    const view = { heading: confirming.heading, text: confirming.text, form: { action: BANK_RETURN, fields }, href: '/', eventsHref: '' }
    return render(request, reply.code(202), 'confirming', view, { title: confirming.title, path: '/', scripts: ['again.js'] })
  }
}
