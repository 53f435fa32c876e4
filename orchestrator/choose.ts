import { createHash } from 'node:crypto'
import { Refusal } from '../chassis/errors.ts'
import type { Tx } from '../chassis/postgres.ts'
import type { Hold } from '../contracts/selling.ts'
import { type Choice, SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import { type Kit, store } from './kit.ts'
import { choiceOf, enterState, findPurchase, holdLastsSeconds, lockPurchase, type StoredPurchase } from './purchases.ts'
import { refuse } from './refusals.ts'

const ASK_AGAIN_SECONDS = 10
const TOO_BUSY = 429

/**
 * Begins a purchase: the choice is stored, then the seller is asked to hold it.
 * The same id with the same choice is the same purchase, however often it
 * arrives and whichever of the two steps a crash came between.
 *
 * @throws Refusal what the seller refused, the same for every repeat: the id is
 *   spent. `PURCHASE_MISMATCH` for another choice. A fault leaves it `holding`: send it again.
 */
export async function choose(kit: Kit, purchaseId: string, choice: Choice): Promise<StoredPurchase> {
  const chosen = canonical(choice)
  const fingerprint = createHash('sha256').update(JSON.stringify(chosen)).digest('hex')
  const begun = await store(kit, async (tx) => {
    await insertPurchase(tx, purchaseId, chosen, fingerprint)
    return findPurchase(tx, purchaseId)
  })
  if (begun.fingerprint !== fingerprint) throw refuse('PURCHASE_MISMATCH', { purchaseId })
  return answered(begun.state === 'holding' ? await askForHold(kit, begun) : begun)
}

/** Asks the seller for the hold, and stores what it said. @returns The purchase afterwards. */
export async function askForHold(kit: Kit, purchase: StoredPurchase): Promise<StoredPurchase> {
  const { purchaseId } = purchase
  const said = await kit.seller.call<Hold>('PUT', `/holds/${purchaseId}`, choiceOf(purchase)).catch((err: unknown) => {
    if (err instanceof Refusal && err.status !== TOO_BUSY) return err
    throw err
  })
  return store(kit, async (tx) => {
    const { state } = await lockPurchase(tx, purchaseId)
    if (state === 'holding') await (said instanceof Refusal ? enterRefused(tx, purchaseId, said) : enterHeld(tx, purchaseId, said))
    if (state === 'released' || state === 'expired') await enterState(tx, purchaseId, state, 0) // let go of what came too late
    return findPurchase(tx, purchaseId)
  })
}

function answered(purchase: StoredPurchase): StoredPurchase {
  const { state, refusal } = purchase
  if (state === 'refused' && refusal) throw new Refusal(refusal.code, refusal.status, 'The seller refused', refusal.params)
  return purchase
}

/** Two equal choices are equal in one form: everything ascending, every zone once. */
function canonical({ showId, seatNos, places }: Choice): Choice {
  const quantityOf = new Map<number, number>()
  for (const { zoneNo, quantity } of places) quantityOf.set(zoneNo, (quantityOf.get(zoneNo) ?? 0) + quantity)
  const zones = [...quantityOf].sort(([a], [b]) => a - b).map(([zoneNo, quantity]) => ({ zoneNo, quantity }))
  const tickets = zones.reduce((sum, { quantity }) => sum + quantity, seatNos.length)
  if (tickets === 0) throw refuse('EMPTY_CHOICE')
  if (tickets > SEATS_PER_ORDER_MAX) throw refuse('TOO_MANY_TICKETS', { max: SEATS_PER_ORDER_MAX })
  return { showId, seatNos: seatNos.toSorted((a, b) => a - b), places: zones }
}

async function insertPurchase(tx: Tx, purchaseId: string, { showId, seatNos, places }: Choice, fingerprint: string): Promise<void> {
  await tx.query({
    name: 'insert-purchase',
    text: `insert into purchase.purchases (purchase_id, fingerprint, show_id, seat_nos, places, due_at)
           values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
           on conflict do nothing`,
    values: [purchaseId, fingerprint, showId, seatNos, JSON.stringify(places), ASK_AGAIN_SECONDS]
  })
}

async function enterHeld(tx: Tx, purchaseId: string, { lines, serviceFeeClp, totalClp, heldUntil }: Hold): Promise<void> {
  await tx.query({
    name: 'store-hold',
    text: `update purchase.purchases
           set lines = $2, service_fee_clp = $3, total_clp = $4, held_until = $5
           where purchase_id = $1`,
    values: [purchaseId, JSON.stringify(lines), serviceFeeClp, totalClp, heldUntil]
  })
  await enterState(tx, purchaseId, 'held', holdLastsSeconds(await findPurchase(tx, purchaseId)))
}

async function enterRefused(tx: Tx, purchaseId: string, { code, status, params }: Refusal): Promise<void> {
  await tx.query('update purchase.purchases set refusal = $2 where purchase_id = $1', [purchaseId, { code, status, params }])
  await enterState(tx, purchaseId, 'refused', null)
}
