import { crashPoint } from '../chassis/crash-point.ts'
import { Refusal } from '../chassis/errors.ts'
import type { Tx } from '../chassis/postgres.ts'
import type { Order } from '../contracts/selling.ts'
import { store } from './kit.ts'
import type { Step } from './mover.ts'
import { enterState, lockPurchase } from './purchases.ts'

/** When documents are first looked for. */
export const DOCUMENTS_SECONDS = 5
/** What says that no order can be made. Everything else a seller may answer is its trouble or ours, and passes. */
const FINAL = new Set([404, 409, 410, 422])

/**
 * Turns a paid purchase into an order. What the seller refuses is refunded: the
 * hold had run out and somebody else has the seats.
 */
export const makeOrder: Step = async (kit, { purchaseId, buyer, language, totalClp }) => {
  crashPoint('purchase-paid')
  const said = await kit.seller
    .call<Order>('PUT', `/orders/${purchaseId}`, { holdId: purchaseId, buyer, language, totalClp })
    .catch((err: unknown) => {
      if (err instanceof Refusal && FINAL.has(err.status)) return err
      throw err
    })
  if (said instanceof Refusal) {
    await store(kit, (tx) => enterRefunding(tx, purchaseId, said))
    crashPoint('purchase-order-refused')
    return 'moved'
  }
  crashPoint('purchase-order-made')
  await store(kit, (tx) => enterOrdered(tx, said))
  crashPoint('purchase-order-stored')
  return DOCUMENTS_SECONDS // nobody waits for billing to see that the purchase worked
}

/** Stores an order that stands at the seller. From any state: an order is a fact. */
export async function enterOrdered(tx: Tx, { orderId, code, lines, serviceFeeClp, totalClp }: Order): Promise<void> {
  const { state } = await lockPurchase(tx, orderId)
  if (state !== 'paid' && state !== 'refunding') return
  await tx.query({
    name: 'store-order',
    text: `update purchase.purchases
           set order_code = $2, lines = $3, service_fee_clp = $4, total_clp = $5, refusal = null
           where purchase_id = $1`,
    values: [orderId, code, JSON.stringify(lines), serviceFeeClp, totalClp]
  })
  await enterState(tx, orderId, 'ordered', DOCUMENTS_SECONDS)
}

async function enterRefunding(tx: Tx, purchaseId: string, { code, status, params }: Refusal): Promise<void> {
  const { state } = await lockPurchase(tx, purchaseId)
  if (state !== 'paid') return
  await tx.query('update purchase.purchases set refusal = $2 where purchase_id = $1', [purchaseId, { code, status, params }])
  await enterState(tx, purchaseId, 'refunding', 0)
}
