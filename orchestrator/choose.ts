import { crashPoint } from '../chassis/crash-point.ts'
import { Refusal } from '../chassis/errors.ts'
import type { Tx } from '../chassis/postgres.ts'
import type { Hold } from '../contracts/selling.ts'
import type { Wish } from '../contracts/values.ts'
import { type Kit, store } from './kit.ts'
import { enterState, findPurchase, holdLastsSeconds, lockPurchase, type StoredPurchase, wishOf } from './purchases.ts'
import { refuse } from './refusals.ts'
import { canonical, fingerprintOf } from './wish.ts'

const ASK_AGAIN_SECONDS = 10
const TOO_BUSY = 429

/**
 * Begins a purchase: the wish is stored, then the seller is asked to hold it.
 * The same id with the same wish is the same purchase, however often it
 * arrives and whichever of the two steps a crash came between; the best seats
 * are those that were found the first time.
 *
 * @throws Refusal what the seller refused, the same for every repeat: the id is
 *   spent. `PURCHASE_MISMATCH` for another wish. A fault leaves it `holding`: send it again.
 */
export async function choose(kit: Kit, purchaseId: string, wish: Wish): Promise<StoredPurchase> {
  const wanted = canonical(wish)
  const fingerprint = fingerprintOf(wanted)
  const begun = await store(kit, async (tx) => {
    await insertPurchase(tx, purchaseId, wanted, fingerprint)
    return findPurchase(tx, purchaseId)
  })
  if (begun.fingerprint !== fingerprint) throw refuse('PURCHASE_MISMATCH', { purchaseId })
  crashPoint('purchase-wished')
  return answered(begun.state === 'holding' ? await askForHold(kit, begun) : begun)
}

/** Asks the seller for the hold, and stores what it said. @returns The purchase afterwards. */
export async function askForHold(kit: Kit, purchase: StoredPurchase): Promise<StoredPurchase> {
  const { purchaseId } = purchase
  const said = await kit.seller.call<Hold>('PUT', `/holds/${purchaseId}`, wishOf(purchase)).catch((err: unknown) => {
    if (err instanceof Refusal && err.status !== TOO_BUSY) return err
    throw err
  })
  crashPoint('purchase-hold-given')
  const stored = await store(kit, async (tx) => {
    const { state } = await lockPurchase(tx, purchaseId)
    if (state === 'holding') await (said instanceof Refusal ? enterRefused(tx, purchaseId, said) : enterHeld(tx, purchaseId, said))
    const over = state === 'released' || state === 'expired' || (state === 'refused' && !(said instanceof Refusal))
    if (over) await enterState(tx, purchaseId, state, 0) // let go of what came too late
    return findPurchase(tx, purchaseId)
  })
  crashPoint('purchase-hold-stored')
  return stored
}

function answered(purchase: StoredPurchase): StoredPurchase {
  const { state, refusal } = purchase
  if (state === 'refused' && refusal) throw new Refusal(refusal.code, refusal.status, 'The seller refused', refusal.params)
  return purchase
}

async function insertPurchase(tx: Tx, purchaseId: string, wish: Wish, fingerprint: string): Promise<void> {
  const { seatNos, places } = 'best' in wish ? { seatNos: [], places: [] } : wish
  await tx.query({
    name: 'insert-purchase',
    text: `insert into purchase.purchases (purchase_id, fingerprint, show_id, wish, seat_nos, places, due_at)
           values ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(secs => $7))
           on conflict do nothing`,
    values: [purchaseId, fingerprint, wish.showId, wish, seatNos, JSON.stringify(places), ASK_AGAIN_SECONDS]
  })
}

async function enterHeld(tx: Tx, purchaseId: string, { seatNos, lines, serviceFeeClp, totalClp, heldUntil }: Hold): Promise<void> {
  await tx.query({
    name: 'store-hold',
    text: `update purchase.purchases
           set seat_nos = $2, lines = $3, service_fee_clp = $4, total_clp = $5, held_until = $6
           where purchase_id = $1`,
    values: [purchaseId, seatNos, JSON.stringify(lines), serviceFeeClp, totalClp, heldUntil]
  })
  await enterState(tx, purchaseId, 'held', holdLastsSeconds(await findPurchase(tx, purchaseId)))
}

async function enterRefused(tx: Tx, purchaseId: string, { code, status, params }: Refusal): Promise<void> {
  await tx.query('update purchase.purchases set refusal = $2 where purchase_id = $1', [purchaseId, { code, status, params }])
  await enterState(tx, purchaseId, 'refused', null)
}
