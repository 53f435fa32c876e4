import { crashPoint } from '../chassis/crash-point.ts'
import { askForHold } from './choose.ts'
import { type Kit, store } from './kit.ts'
import type { Step } from './mover.ts'
import { enterState, holdLastsSeconds, livePayments, lockPurchase, type StoredPurchase } from './purchases.ts'

const HOLDING_SECONDS_MAX = 60 // nobody waits in front of a page for longer than this

/** A hold that was asked for and not answered: asked for again, and given up when its buyer is surely gone. */
export const expireHolding: Step = async (kit, purchase) => {
  const ageSeconds = (purchase.now.getTime() - purchase.madeAt.getTime()) / 1_000
  if (ageSeconds > HOLDING_SECONDS_MAX) await expire(kit, purchase)
  else if ((await askForHold(kit, purchase)).state === 'refused') return null
  return 'moved'
}

/** A hold that ran out without a payment. */
export const expireHold: Step = async (kit, purchase) => {
  if (!isOver(purchase)) return holdLastsSeconds(purchase)
  await expire(kit, purchase)
  return 'moved'
}

/** Tells the seller to free the seats. They would be free by themselves once the hold has run out. */
export const letGo: Step = async ({ seller }, { purchaseId }) => {
  crashPoint('purchase-released')
  await seller.call('DELETE', `/holds/${purchaseId}`)
  return null
}

async function expire(kit: Kit, { purchaseId, state }: StoredPurchase): Promise<void> {
  await store(kit, async (tx) => {
    const purchase = await lockPurchase(tx, purchaseId)
    if (purchase.state === 'held' && !isOver(purchase)) return // it was extended meanwhile
    if (purchase.state === state && livePayments(purchase).length === 0) await enterState(tx, purchaseId, 'expired', 0)
  })
}

function isOver(purchase: StoredPurchase): boolean {
  return purchase.heldUntil !== null && purchase.heldUntil <= purchase.now
}
