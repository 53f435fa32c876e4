import { crashPoint } from '../chassis/crash-point.ts'
import { Refusal } from '../chassis/errors.ts'
import type { Order, Voided } from '../contracts/selling.ts'
import { type Kit, store } from './kit.ts'
import { DOCUMENTS_SECONDS, enterOrdered } from './make-order.ts'
import type { Step } from './mover.ts'
import { enterPaymentState, enterState, lockPurchase, type Payment } from './purchases.ts'

/**
 * Gives the money back for a purchase that cannot become an order. First the
 * order's id is made void at the seller, so that no order appears behind the
 * refund; if one stands there after all, the purchase is that order.
 */
export const refundPurchase: Step = async (kit, { purchaseId, payments }) => {
  const order = await voidOrder(kit, purchaseId)
  if (order) {
    await store(kit, (tx) => enterOrdered(tx, order))
    return DOCUMENTS_SECONDS
  }
  crashPoint('purchase-voided')
  for (const payment of payments.filter(({ state }) => state === 'authorized' || state === 'refunding')) {
    await giveBack(kit, purchaseId, payment)
  }
  await store(kit, async (tx) => {
    const { state } = await lockPurchase(tx, purchaseId)
    if (state === 'refunding') await enterState(tx, purchaseId, 'refunded', null)
  })
  return 'moved'
}

/** Gives back what came beside, or after, the payment that a purchase keeps. */
export const giveBackDoubles: Step = async (kit, { purchaseId, payments }) => {
  for (const payment of payments.filter(({ state }) => state === 'refunding')) await giveBack(kit, purchaseId, payment)
  return 'moved'
}

/** @returns The order that stands under this id, or nothing: then none ever will. */
async function voidOrder({ seller }: Kit, orderId: string): Promise<Order | undefined> {
  try {
    await seller.call<Voided>('PUT', `/orders/${orderId}/void`)
    return undefined
  } catch (err) {
    if (err instanceof Refusal && err.code === 'ORDER_EXISTS') return seller.call<Order>('GET', `/orders/${orderId}`)
    throw err
  }
}

/** Noted before it is sent; what was noted is asked about before it is sent again. */
async function giveBack(kit: Kit, purchaseId: string, payment: Payment): Promise<void> {
  const { token, provider, amountClp } = payment
  const sentBefore = payment.state === 'refunding'
  await store(kit, async (tx) => {
    await lockPurchase(tx, purchaseId)
    await enterPaymentState(tx, token, 'refunding')
  })
  crashPoint('purchase-refund-noted')
  if (provider !== 'free') await refundAtBank(kit, token, amountClp, sentBefore)
  crashPoint('purchase-refund-sent')
  kit.log.info({ purchaseId, amountClp }, 'payment given back')
  await store(kit, (tx) => enterPaymentState(tx, token, 'refunded'))
  crashPoint('purchase-refund-stored')
}

async function refundAtBank({ bank }: Kit, token: string, amountClp: number, sentBefore: boolean): Promise<void> {
  if (sentBefore && (await bank.status(token)).state === 'refunded') return
  await bank.refund(token, amountClp)
}
