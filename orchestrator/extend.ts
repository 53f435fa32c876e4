import { crashPoint } from '../chassis/crash-point.ts'
import type { Tx } from '../chassis/postgres.ts'
import type { Hold } from '../contracts/selling.ts'
import { type Kit, store } from './kit.ts'
import { findPurchase, holdLastsSeconds, isPaid, keptPayment, lockPurchase, type StoredPurchase } from './purchases.ts'
import { refuse } from './refusals.ts'

/**
 * Gives the buyer the time of the hold once more. Once: a repeat changes nothing
 * and is given the purchase as it is. The seller extends first and remembers it,
 * so what was extended there and not noted here is noted by the next try.
 *
 * @throws Refusal what the seller refused (`HOLD_GONE`, `HOLD_RELEASED`, `HOLD_SOLD`...), or
 *   `HOLD_PENDING`, `HOLD_EXPIRED`, `PURCHASE_PAID`, `PURCHASE_OVER`, and `PAYMENT_BUSY` while the bank decides. Nothing is changed.
 */
export async function extend(kit: Kit, purchaseId: string): Promise<StoredPurchase> {
  const asked = await store(kit, (tx) => findPurchase(tx, purchaseId))
  if (asked.extended) return asked
  checkExtendable(asked)
  const { heldUntil } = await kit.seller.call<Hold>('PUT', `/holds/${purchaseId}/extension`)
  crashPoint('purchase-extended')
  return store(kit, async (tx) => {
    const { state, extended } = await lockPurchase(tx, purchaseId)
    if (!extended && (state === 'held' || state === 'paying')) await storeExtension(tx, purchaseId, heldUntil)
    return findPurchase(tx, purchaseId)
  })
}

function checkExtendable(purchase: StoredPurchase): void {
  const { state } = purchase
  if (state === 'holding') throw refuse('HOLD_PENDING')
  if (state === 'expired') throw refuse('HOLD_EXPIRED')
  if (isPaid(purchase)) throw refuse('PURCHASE_PAID', { state })
  if (state !== 'held' && state !== 'paying') throw refuse('PURCHASE_OVER', { state })
  if (keptPayment(purchase)) throw refuse('PAYMENT_BUSY')
}

/** Who is at the bank is looked at as before: that look asks the bank, and not whether the hold has run out. */
async function storeExtension(tx: Tx, purchaseId: string, heldUntil: string): Promise<void> {
  await tx.query({
    name: 'store-extension',
    text: 'update purchase.purchases set held_until = $2, extended = true where purchase_id = $1',
    values: [purchaseId, heldUntil]
  })
  await tx.query({
    name: 'look-when-extended',
    text: `update purchase.purchases
           set due_at = clock_timestamp() + make_interval(secs => $2)
           where purchase_id = $1 and state = 'held'`,
    values: [purchaseId, holdLastsSeconds(await findPurchase(tx, purchaseId))]
  })
}
