import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { MOVE_MS_MAX } from '../chassis/deadlines.ts'
import type { Tx } from '../chassis/postgres.ts'
import type { PurchaseState } from '../contracts/purchase.ts'
import { awaitDocuments } from './await-documents.ts'
import { expireHold, expireHolding, letGo } from './end-hold.ts'
import { type Kit, store } from './kit.ts'
import { LEASE_SECONDS, RENEW_MS, renewLease, takeLease } from './lease.ts'
import { makeOrder } from './make-order.ts'
import { findPurchase, type StoredPurchase } from './purchases.ts'
import { giveBackDoubles, refundPurchase } from './refund.ts'
import { settlePayments } from './settle-payment.ts'

/**
 * One step of a purchase, safe to be taken twice. It says `moved` when there is
 * something new to look at, or in how many seconds to look again (null: never).
 */
export type Step = (kit: Kit, purchase: StoredPurchase) => Promise<'moved' | number | null>

export interface Mover {
  /** Moves a purchase as far as it goes now, and gives it back; after {@link MOVE_MS_MAX} as it is by then, while the work goes on. */
  moveOn: (purchaseId: string) => Promise<StoredPurchase>
  /** The same for a caller that has taken the lease, as `owner`, and knows the first step. */
  carryOn: (purchase: StoredPurchase, owner: string, first: Step) => Promise<StoredPurchase>
  /** One pass over what is due, up to the order. @returns How many purchases were looked at. */
  moveDueOnce: () => Promise<number>
  /** One pass over orders that wait for their documents. */
  lookForDocumentsOnce: () => Promise<number>
  /** Resolves when nothing is being moved any more. */
  settled: () => Promise<void>
}

const STEPS: Partial<Record<PurchaseState, Step>> = {
  holding: expireHolding,
  held: expireHold,
  paying: settlePayments,
  paid: makeOrder,
  ordered: awaitDocuments,
  refunding: refundPurchase,
  refused: letGo,
  released: letGo,
  expired: letGo
}

/** What waits for billing stands in a line of its own: it may be long, and nothing else shall wait behind it. */
type Line = 'sales' | 'documents'

const STEPS_MAX = 12
const BATCH_MAX = 8
const LEASE_POLL_MS = 100
const BACKOFF_SECONDS = 5
const BACKOFF_SECONDS_MAX = 60

/** Carries purchases from step to step, each by one orchestrator at a time. Every step is stored before the next begins. */
export function mover(kit: Kit): Mover {
  const working = new Set<Promise<unknown>>()
  return {
    moveOn: (purchaseId) => answer(purchaseId, whenFree(purchaseId)),
    carryOn: (purchase, owner, first) => answer(purchase.purchaseId, run(purchase, owner, first)),
    moveDueOnce: () => moveOnce('sales'),
    lookForDocumentsOnce: () => moveOnce('documents'),
    settled: async () => void (await Promise.allSettled(working))
  }

  async function answer(purchaseId: string, work: Promise<StoredPurchase | undefined>): Promise<StoredPurchase> {
    const moved = await Promise.race([begin(work), sleep(MOVE_MS_MAX, undefined, { ref: false })])
    return moved ?? store(kit, (tx) => findPurchase(tx, purchaseId))
  }

  async function moveOnce(line: Line): Promise<number> {
    const owner = randomUUID()
    const due = await store(kit, (tx) => claimDue(tx, line, owner))
    await Promise.all(due.map((purchase) => begin(run(purchase, owner))))
    return due.length
  }

  function begin<T>(work: Promise<T>): Promise<T | undefined> {
    const watched = work
      .catch((err: unknown) => {
        kit.log.error({ err }, 'purchase not moved')
        return undefined
      })
      .finally(() => working.delete(watched))
    working.add(watched)
    return watched
  }

  /** Waits for whoever is moving this purchase now: what they do is likely what this caller wants. */
  async function whenFree(purchaseId: string): Promise<StoredPurchase | undefined> {
    const owner = randomUUID()
    const deadline = performance.now() + MOVE_MS_MAX
    for (let tries = 1; performance.now() < deadline; tries++) {
      const purchase = await store(kit, async (tx) => ((await takeLease(tx, purchaseId, owner)) ? findPurchase(tx, purchaseId) : undefined))
      if (purchase) return run(purchase, owner)
      await sleep(LEASE_POLL_MS * tries)
    }
    return undefined
  }

  /** Where it cannot be renewed somebody else may take it: every step may be taken twice. */
  function renew(purchaseId: string, owner: string): void {
    store(kit, (tx) => renewLease(tx, purchaseId, owner)).catch((err: unknown) => kit.log.warn({ err, purchaseId }, 'lease not renewed'))
  }

  /** With the lease in hand. */
  async function run(begun: StoredPurchase, owner: string, first?: Step): Promise<StoredPurchase> {
    let purchase = begun
    let rest: number | null = 0
    const renewing = setInterval(() => renew(begun.purchaseId, owner), RENEW_MS)
    try {
      for (let steps = 0, step = first; steps < STEPS_MAX; steps++, step = undefined) {
        const next = await (step ?? stepOf(purchase))(kit, purchase)
        rest = next === 'moved' ? 0 : next
        if (next !== 'moved') break
        purchase = await store(kit, (tx) => renewed(tx, purchase.purchaseId, owner))
      }
    } catch (err) {
      const { purchaseId, state, attempts } = purchase
      rest = Math.min(BACKOFF_SECONDS * 2 ** attempts, BACKOFF_SECONDS_MAX)
      kit.log.warn({ err, purchaseId, state, attempts }, 'purchase stands still')
    } finally {
      clearInterval(renewing)
    }
    return store(kit, (tx) => letRest(tx, purchase, owner, rest))
  }
}

function stepOf(purchase: StoredPurchase): Step {
  const { state, payments } = purchase
  if (state !== 'refunding' && payments.some((payment) => payment.state === 'refunding')) return giveBackDoubles
  return STEPS[state] ?? (async () => null)
}

/** What this owner has claimed already is due to it still: its commit may have been of unknown fate. */
async function claimDue(tx: Tx, line: Line, owner: string): Promise<StoredPurchase[]> {
  const { rows } = await tx.query<{ purchaseId: string }>({
    name: 'claim-due',
    text: `update purchase.purchases
           set leased_until = clock_timestamp() + make_interval(secs => $2), leased_by = $4
           where purchase_id in (
             select purchase_id
             from purchase.purchases
             where due_at <= clock_timestamp() and (leased_until is null or leased_until < clock_timestamp() or leased_by = $4)
               and case state when 'ordered' then 'documents' else 'sales' end = $3
             order by due_at
             limit $1
             for update skip locked
           )
           returning purchase_id as "purchaseId"`,
    values: [BATCH_MAX, LEASE_SECONDS, line, owner]
  })
  const claimed: StoredPurchase[] = []
  for (const { purchaseId } of rows) claimed.push(await findPurchase(tx, purchaseId))
  return claimed
}

async function renewed(tx: Tx, purchaseId: string, owner: string): Promise<StoredPurchase> {
  await renewLease(tx, purchaseId, owner)
  return findPurchase(tx, purchaseId)
}

/**
 * Gives the lease back; one that is another's by now is left alone. The next look is
 * as said, unless a step or a door has said another meanwhile. @returns The purchase as it is now.
 */
async function letRest(tx: Tx, { purchaseId, dueMark }: StoredPurchase, owner: string, seconds: number | null): Promise<StoredPurchase> {
  await tx.query({
    name: 'let-rest',
    text: `update purchase.purchases
           set leased_until = null, leased_by = null,
               attempts = case when due_at::text is not distinct from $2 then attempts + 1 else attempts end,
               due_at = case when due_at::text is not distinct from $2
                             then clock_timestamp() + make_interval(secs => $3) else due_at end
           where purchase_id = $1 and leased_by = $4`,
    values: [purchaseId, dueMark, seconds, owner]
  })
  return findPurchase(tx, purchaseId)
}
