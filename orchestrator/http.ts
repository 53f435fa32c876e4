import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { Problem } from '../chassis/problem.ts'
import { onlyWith } from '../chassis/server.ts'
import { BankReturn, PaymentRequest, PaymentStarted, Purchase } from '../contracts/purchase.ts'
import { Uuid, Wish } from '../contracts/values.ts'
import { choose } from './choose.ts'
import { extend } from './extend.ts'
import { type Kit, store } from './kit.ts'
import type { Mover } from './mover.ts'
import { findPurchase, viewOf } from './purchases.ts'
import { release } from './release.ts'
import { startPayment } from './start-payment.ts'
import { takeReturn } from './take-return.ts'

const Problems = { '4xx': Problem, '5xx': Problem }

/** The doors of a purchase: what each one takes, what it gives, who answers. The portal holds their token. */
export const purchaseDoors: FastifyPluginAsyncTypebox<{ kit: Kit; mover: Mover; token: string }> = async (app, { kit, mover, token }) => {
  app.addHook('onRequest', onlyWith(token))
  const params = Type.Object({ purchaseId: Uuid })
  const gives = { 200: Purchase, ...Problems }
  const idOf = (request: { params: { purchaseId: string } }) => request.params.purchaseId.toLowerCase()

  app.put('/purchases/:purchaseId', { schema: { params, body: Wish, response: gives } }, async (request) =>
    viewOf(await choose(kit, idOf(request), request.body))
  )

  app.get('/purchases/:purchaseId', { schema: { params, response: gives } }, async (request) =>
    viewOf(await store(kit, (tx) => findPurchase(tx, idOf(request))))
  )

  app.delete('/purchases/:purchaseId', { schema: { params, response: gives } }, async (request) => {
    const { state } = await release(kit, idOf(request))
    return viewOf(await (state === 'released' ? mover.moveOn(idOf(request)) : store(kit, (tx) => findPurchase(tx, idOf(request)))))
  })

  app.put('/purchases/:purchaseId/extension', { schema: { params, response: gives } }, async (request) =>
    viewOf(await extend(kit, idOf(request)))
  )

  app.put(
    '/purchases/:purchaseId/payment',
    { schema: { params, body: PaymentRequest, response: { 200: PaymentStarted, ...Problems } } },
    async (request) => {
      const { purchase, redirect } = await startPayment(kit, mover, idOf(request), request.body)
      return { purchase: viewOf(purchase), ...(redirect && { redirect: { url: redirect.url, token: redirect.token } }) }
    }
  )

  app.post('/payments/return', { schema: { body: BankReturn, response: gives } }, async ({ body }) =>
    viewOf(await takeReturn(kit, mover, body))
  )
}
