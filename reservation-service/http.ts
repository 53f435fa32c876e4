import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { Pool } from 'pg'
import { type Tx, transaction, untilKnown } from '../chassis/postgres.ts'
import { Problem } from '../chassis/problem.ts'
import { onlyWith } from '../chassis/server.ts'
import { Hold, Order, OrderRequest, Voided } from '../contracts/selling.ts'
import { Choice, Uuid } from '../contracts/values.ts'
import { chosenOf } from './choice.ts'
import { holdSeats } from './hold-seats.ts'
import { makeOrder } from './make-order.ts'
import { getOrder, voidOrder } from './orders.ts'
import { releaseHold } from './release-hold.ts'

const ANSWER_MS_MAX = 5_000

const Problems = { '4xx': Problem, '5xx': Problem }
const Released = Type.Object({ released: Type.Boolean({ description: 'False when an order was made from the hold: it keeps its seats.' }) })

export interface SellingOptions {
  /** Finds the primary's pool; asked again for every attempt, because a failover may lie between two. */
  writer: () => Pool
  holdSeconds: number
  token: string
  /** Called after an event was committed. */
  ring: () => void
}

/** The doors that sell: what each one takes, what it gives, who answers. One caller holds their token. */
export const sellingDoors: FastifyPluginAsyncTypebox<SellingOptions> = async (app, { writer, holdSeconds, token, ring }) => {
  app.addHook('onRequest', onlyWith(token))
  const run = <T>(work: (tx: Tx) => Promise<T>) => untilKnown(ANSWER_MS_MAX, () => transaction(writer(), work))

  const hold = { params: Type.Object({ holdId: Uuid }) }
  const order = { params: Type.Object({ orderId: Uuid }) }

  app.put('/holds/:holdId', { schema: { ...hold, body: Choice, response: { 200: Hold, ...Problems } } }, ({ params, body }) => {
    const chosen = chosenOf(body)
    return run((tx) => holdSeats(tx, params.holdId.toLowerCase(), chosen, holdSeconds))
  })

  app.delete('/holds/:holdId', { schema: { ...hold, response: { 200: Released, ...Problems } } }, async ({ params }) => ({
    released: await run((tx) => releaseHold(tx, params.holdId.toLowerCase()))
  }))

  app.put(
    '/orders/:orderId',
    { schema: { ...order, body: OrderRequest, response: { 200: Order, ...Problems } } },
    async ({ params, body }) => {
      const request = requestIn(body)
      const made = await run((tx) => makeOrder(tx, params.orderId.toLowerCase(), request))
      ring()
      return made
    }
  )

  app.get('/orders/:orderId', { schema: { ...order, response: { 200: Order, ...Problems } } }, ({ params }) =>
    run((tx) => getOrder(tx, params.orderId.toLowerCase()))
  )

  app.put('/orders/:orderId/void', { schema: { ...order, response: { 200: Voided, ...Problems } } }, async ({ params }) => {
    const orderId = params.orderId.toLowerCase()
    await run((tx) => voidOrder(tx, orderId))
    return { orderId, voided: true as const }
  })
}

/** What an order is recognised by is what this service reads of it, and nothing else that a caller may add. */
function requestIn({ holdId, buyer: { name, email, rut }, language, totalClp }: OrderRequest): OrderRequest {
  return { holdId: holdId.toLowerCase(), buyer: { name, email, ...(rut ? { rut } : {}) }, language, totalClp }
}
