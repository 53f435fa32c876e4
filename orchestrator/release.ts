import { type Kit, store } from './kit.ts'
import { enterPaymentState, enterState, findPurchase, keptPayment, livePayments, lockPurchase, type StoredPurchase } from './purchases.ts'
import { refuse } from './refusals.ts'

/**
 * The buyer lets go. It is decided here and first; the seats follow, at once
 * or when the seller is back. A payment that was begun and not yet committed
 * never will be, so the bank takes no money for it.
 *
 * @throws Refusal `PURCHASE_PAID`, or `PAYMENT_BUSY` while the bank decides. Nothing is let go.
 */
export function release(kit: Kit, purchaseId: string): Promise<StoredPurchase> {
  return store(kit, async (tx) => {
    const purchase = await lockPurchase(tx, purchaseId)
    const { state } = purchase
    if (state === 'paid' || state === 'ordered' || state === 'documented') throw refuse('PURCHASE_PAID', { state })
    if (state !== 'holding' && state !== 'held' && state !== 'paying') return purchase
    if (keptPayment(purchase)) throw refuse('PAYMENT_BUSY')

    for (const { token } of livePayments(purchase)) await enterPaymentState(tx, token, 'abandoned')
    await enterState(tx, purchaseId, 'released', 0)
    return findPurchase(tx, purchaseId)
  })
}
