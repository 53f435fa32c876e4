import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { crashPoint } from '../chassis/crash-point.ts'
import { Problem } from '../chassis/problem.ts'
import { onlyWith } from '../chassis/server.ts'
import { serverTiming } from '../chassis/server-timing.ts'
import { Hold, HoldBound, HoldBuyer, Order, OrderRequest, SaleRequest, Voided } from '../contracts/selling.ts'
import { Uuid, Wish } from '../contracts/values.ts'
import { bindBuyer } from './bind-buyer.ts'
import { extendHold } from './extend-hold.ts'
import { getOrder, voidOrder } from './orders.ts'
import { releaseHold } from './release-hold.ts'
import type { Seller, Timing } from './seller.ts'

const Problems = { '4xx': Problem, '5xx': Problem }
const Released = Type.Object({ released: Type.Boolean({ description: 'False when an order was made from the hold: it keeps its seats.' }) })

export interface SellingOptions {
  seller: Seller
  holdSeconds: number
  token: string
  /** Called after an event was committed. */
  ring: () => void
}

/** The doors that sell: what each one takes, what it gives, who answers. One caller holds their token. */
export const sellingDoors: FastifyPluginAsyncTypebox<SellingOptions> = async (app, { seller, holdSeconds, token, ring }) => {
  app.addHook('onRequest', onlyWith(token))
  const { alone, showOf } = seller

  const hold = { params: Type.Object({ holdId: Uuid }) }
  const order = { params: Type.Object({ orderId: Uuid }) }

  app.put('/holds/:holdId', { schema: { ...hold, body: Wish, response: { 200: Hold, ...Problems } } }, ({ params, body }, reply) =>
    timed(reply, (timing) => seller.hold(params.holdId.toLowerCase(), body, timing))
  )

  app.delete('/holds/:holdId', { schema: { ...hold, response: { 200: Released, ...Problems } } }, async ({ params }) => ({
    released: await alone((tx) => releaseHold(tx, params.holdId.toLowerCase()))
  }))

  app.put('/holds/:holdId/extension', { schema: { ...hold, response: { 200: Hold, ...Problems } } }, async ({ params }) => {
    const [holdId, sinceMs] = [params.holdId.toLowerCase(), performance.now()]
    const show = await showOf(holdId, sinceMs)
    return alone((tx) => extendHold(tx, holdId, holdSeconds, show), sinceMs)
  })

  app.put(
    '/holds/:holdId/buyer',
    { schema: { ...hold, body: HoldBuyer, response: { 200: HoldBound, ...Problems } } },
    async ({ params, body }) => {
      const [holdId, sinceMs] = [params.holdId.toLowerCase(), performance.now()]
      const show = await showOf(holdId, sinceMs)
      await alone((tx) => bindBuyer(tx, holdId, body.email, show), sinceMs)
      return { holdId, bound: true as const }
    }
  )

  app.put(
    '/orders/:orderId',
    { schema: { ...order, body: OrderRequest, response: { 200: Order, ...Problems } } },
    async ({ params, body }, reply) => {
      const made = await timed(reply, (timing) => seller.order(params.orderId.toLowerCase(), requestIn(body), timing))
      crashPoint('seller-order-made')
      ring()
      return made
    }
  )

  app.put(
    '/sales/:orderId',
    { schema: { ...order, body: SaleRequest, response: { 200: Order, ...Problems } } },
    async ({ params, body }, reply) => {
      const made = await timed(reply, (timing) => seller.sell(params.orderId.toLowerCase(), body, saleIn(body), timing))
      ring()
      return made
    }
  )

  app.get('/orders/:orderId', { schema: { ...order, response: { 200: Order, ...Problems } } }, ({ params }) =>
    alone((tx) => getOrder(tx, params.orderId.toLowerCase()))
  )

  app.put('/orders/:orderId/void', { schema: { ...order, response: { 200: Voided, ...Problems } } }, async ({ params }) => {
    const orderId = params.orderId.toLowerCase()
    await alone((tx) => voidOrder(tx, orderId))
    crashPoint('seller-voided')
    return { orderId, voided: true as const }
  })
}

/** Says where the time went, also beside a refusal. */
async function timed<T>(reply: FastifyReply, work: (timing: Timing) => Promise<T>): Promise<T> {
  const timing: Timing = {}
  try {
    return await work(timing)
  } finally {
    serverTiming(reply, { ...timing })
  }
}

/** What an order is recognised by is what this service reads of it, and nothing else that a caller may add. */
function requestIn({ holdId, buyer, language, totalClp }: OrderRequest): OrderRequest {
  return { holdId: holdId.toLowerCase(), buyer: buyerIn(buyer), language, totalClp }
}

function saleIn({ buyer, language, totalClp }: SaleRequest) {
  return { buyer: buyerIn(buyer), language, ...(totalClp === undefined ? {} : { totalClp }) }
}

function buyerIn({ name, email, rut }: OrderRequest['buyer']): OrderRequest['buyer'] {
  return { name, email, ...(rut ? { rut } : {}) }
}
