import { setTimeout as sleep } from 'node:timers/promises'
import type { Tx } from '../chassis/postgres.ts'
import type { PurchaseState } from '../contracts/purchase.ts'
import { awaitDocuments } from './await-documents.ts'
import { expireHold, expireHolding, letGo } from './end-hold.ts'
import { type Kit, store } from './kit.ts'
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
  /**
   * Moves a purchase as far as it goes now, and gives it back; after
   * {@link ANSWER_MS_MAX} as it is by then, while the work goes on.
   *
   * @param first - A step to begin with, for the caller that has taken the lease.
   */
  moveOn: (purchaseId: string, first?: Step) => Promise<StoredPurchase>
  /** One pass over what is due. @returns How many purchases were looked at. */
  moveDueOnce: () => Promise<number>
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
  released: letGo,
  expired: letGo
}

const STEPS_MAX = 12
const BATCH_MAX = 8
const LEASE_SECONDS = 25 // longer than the longest step; a process that died gives its purchases back this late
const LEASE_POLL_MS = 100
const ANSWER_MS_MAX = 5_000 // less than the portal waits
const BACKOFF_SECONDS = 5
const BACKOFF_SECONDS_MAX = 60

/** Carries purchases from step to step, each by one orchestrator at a time. Every step is stored before the next begins. */
export function mover(kit: Kit): Mover {
  const working = new Set<Promise<unknown>>()
  return { moveOn, moveDueOnce, settled: async () => void (await Promise.allSettled(working)) }

  async function moveOn(purchaseId: string, first?: Step): Promise<StoredPurchase> {
    const work = begin(first ? run(purchaseId, first) : whenFree(purchaseId))
    await Promise.race([work, sleep(ANSWER_MS_MAX, undefined, { ref: false })])
    return store(kit, (tx) => findPurchase(tx, purchaseId))
  }

  async function moveDueOnce(): Promise<number> {
    const due = await store(kit, claimDue)
    await Promise.all(due.map((purchaseId) => begin(run(purchaseId))))
    return due.length
  }

  function begin(work: Promise<void>): Promise<void> {
    const watched = work.catch((err: unknown) => kit.log.error({ err }, 'purchase not moved')).finally(() => working.delete(watched))
    working.add(watched)
    return watched
  }

  /** Waits for whoever is moving this purchase now: what they do is likely what this caller wants. */
  async function whenFree(purchaseId: string): Promise<void> {
    const deadline = performance.now() + ANSWER_MS_MAX
    while (!(await store(kit, (tx) => takeLease(tx, purchaseId)))) {
      if (performance.now() > deadline) return
      await sleep(LEASE_POLL_MS)
    }
    await run(purchaseId)
  }

  /** With the lease in hand. */
  async function run(purchaseId: string, first?: Step): Promise<void> {
    let purchase = await store(kit, (tx) => findPurchase(tx, purchaseId))
    let rest: number | null = BACKOFF_SECONDS
    try {
      for (let steps = 0, step = first; steps < STEPS_MAX; steps++, step = undefined) {
        const next = await (step ?? stepOf(purchase))(kit, purchase)
        purchase = await store(kit, (tx) => renewed(tx, purchaseId))
        rest = next === 'moved' ? 0 : next
        if (next !== 'moved') break
      }
    } catch (err) {
      rest = Math.min(BACKOFF_SECONDS * 2 ** purchase.attempts, BACKOFF_SECONDS_MAX)
      kit.log.warn({ err, purchaseId, state: purchase.state, attempts: purchase.attempts }, 'purchase stands still')
    }
    await store(kit, (tx) => letRest(tx, purchase, rest))
  }
}

function stepOf(purchase: StoredPurchase): Step {
  const { state, payments } = purchase
  if (state !== 'refunding' && payments.some((payment) => payment.state === 'refunding')) return giveBackDoubles
  return STEPS[state] ?? (async () => null)
}

/** @returns Whether this caller may move the purchase now. Gives way to whoever does. */
export async function takeLease(tx: Tx, purchaseId: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'take-lease',
    text: `update purchase.purchases
           set leased_until = clock_timestamp() + make_interval(secs => $2)
           where purchase_id = $1 and (leased_until is null or leased_until < clock_timestamp())`,
    values: [purchaseId, LEASE_SECONDS]
  })
  return rowCount === 1
}

async function claimDue(tx: Tx): Promise<string[]> {
  const { rows } = await tx.query<{ purchaseId: string }>({
    name: 'claim-due',
    text: `update purchase.purchases
           set leased_until = clock_timestamp() + make_interval(secs => $2)
           where purchase_id in (
             select purchase_id
             from purchase.purchases
             where due_at <= clock_timestamp() and (leased_until is null or leased_until < clock_timestamp())
             order by due_at
             limit $1
             for update skip locked
           )
           returning purchase_id as "purchaseId"`,
    values: [BATCH_MAX, LEASE_SECONDS]
  })
  return rows.map(({ purchaseId }) => purchaseId)
}

async function renewed(tx: Tx, purchaseId: string): Promise<StoredPurchase> {
  await tx.query({
    name: 'renew-lease',
    text: `update purchase.purchases set leased_until = clock_timestamp() + make_interval(secs => $2) where purchase_id = $1`,
    values: [purchaseId, LEASE_SECONDS]
  })
  return findPurchase(tx, purchaseId)
}

/** Gives the lease back. The next look is as said, unless a door has said another while this purchase was being moved. */
async function letRest(tx: Tx, { purchaseId, dueMark }: StoredPurchase, seconds: number | null): Promise<void> {
  await tx.query({
    name: 'let-rest',
    text: `update purchase.purchases
           set leased_until = null,
               attempts = case when due_at::text is not distinct from $2 then attempts + 1 else attempts end,
               due_at = case when due_at::text is not distinct from $2
                             then clock_timestamp() + make_interval(secs => $3) else due_at end
           where purchase_id = $1`,
    values: [purchaseId, dueMark, seconds]
  })
}
