import { crashPoint } from '../chassis/crash-point.ts'
import { isUnavailable } from '../chassis/errors.ts'
import type { Documents } from '../contracts/documents.ts'
import { type Kit, store } from './kit.ts'
import type { Step } from './mover.ts'
import { enterState, lockPurchase } from './purchases.ts'

const LOOK_SECONDS = 5
const LOOK_SECONDS_MAX = 60

/**
 * An order is done when its documents are there. When they are late its events
 * are published again, with the same ids: a broker may lose its disk, and whoever
 * has handled them already knows them.
 */
export const awaitDocuments: Step = async (kit, { purchaseId, changedAt, now, attempts }) => {
  const state = await readiness(kit, purchaseId)
  if (state === 'away') return LOOK_SECONDS_MAX
  if (state === 'ready') {
    crashPoint('purchase-documents-seen')
    await enterDocumented(kit, purchaseId)
    return 'moved'
  }
  const ageSeconds = (now.getTime() - changedAt.getTime()) / 1_000
  if (ageSeconds < kit.documentedSecondsMax) return Math.min(LOOK_SECONDS * 2 ** attempts, LOOK_SECONDS_MAX)
  await kit.relay.call('POST', `/subjects/${purchaseId}/again`)
  kit.log.warn({ orderId: purchaseId, ageSeconds }, 'order not documented: published again')
  return kit.documentedSecondsMax
}

async function readiness({ documents }: Kit, orderId: string): Promise<Documents['state'] | 'away'> {
  try {
    return (await documents.find(orderId)).state
  } catch (err) {
    if (isUnavailable(err)) return 'away'
    throw err
  }
}

/** Somebody has seen that every document of this order can be downloaded. */
export async function enterDocumented(kit: Kit, purchaseId: string): Promise<void> {
  await store(kit, async (tx) => {
    const { state } = await lockPurchase(tx, purchaseId)
    if (state === 'ordered') await enterState(tx, purchaseId, 'documented', null)
  })
}
