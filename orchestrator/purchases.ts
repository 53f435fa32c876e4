import type { Tx } from '../chassis/postgres.ts'
import type { Purchase, PurchaseState } from '../contracts/purchase.ts'
import type { Buyer, Language, Line, Places, Wish } from '../contracts/values.ts'
import { refuse } from './refusals.ts'

export type PaymentState = 'started' | 'committing' | 'authorized' | 'rejected' | 'abandoned' | 'refunding' | 'refunded'

export interface Payment {
  token: string
  buyOrder: string
  provider: string
  amountClp: number
  url: string
  state: PaymentState
  ageSeconds: number
}

/** A purchase as it is stored, with its payments, oldest first. */
export interface StoredPurchase {
  purchaseId: string
  fingerprint: string
  state: PurchaseState
  showId: number
  wish: Wish | null
  seatNos: number[]
  places: Places[]
  lines: Line[]
  serviceFeeClp: number
  totalClp: number
  heldUntil: Date | null
  extended: boolean
  buyer: Buyer | null
  language: Language | null
  orderCode: string | null
  refusal: { code: string; status: number; params: Record<string, unknown> } | null
  payAttempts: number
  attempts: number
  madeAt: Date
  changedAt: Date
  /** The database's clock: the only one that decides. */
  now: Date
  /** What stood in `due_at`, to be recognised and not to be read. */
  dueMark: string | null
  payments: Payment[]
}

/** What the seller is asked for: the same every time. A purchase from before wishes were stored chose its seats and places. */
export function wishOf({ wish, showId, seatNos, places }: StoredPurchase): Wish {
  return wish ?? { showId, seatNos, places }
}

export function isPaid({ state }: StoredPurchase): boolean {
  return state === 'paid' || state === 'ordered' || state === 'documented'
}

function isExtendable(purchase: StoredPurchase): boolean {
  const { state, extended } = purchase
  return !extended && (state === 'held' || state === 'paying') && !keptPayment(purchase)
}

/** Payments whose money may still come, or has come and was not given back. */
export function livePayments({ payments }: StoredPurchase): Payment[] {
  return payments.filter(({ state }) => state === 'started' || state === 'committing' || state === 'authorized')
}

/** The one payment, if any, that may have taken the money for good. */
export function keptPayment({ payments }: StoredPurchase): Payment | undefined {
  return payments.find(({ state }) => state === 'committing' || state === 'authorized')
}

/** What is said of a payment. One that was only begun may be begun again; one that is `committing` may have taken the money. */
const OUTCOMES: Partial<Record<PaymentState, string>> = {
  committing: 'committing',
  authorized: 'authorized',
  rejected: 'rejected',
  abandoned: 'abandoned',
  refunding: 'refunding',
  refunded: 'refunded'
}

/** What the portal may know of a purchase. */
export function viewOf(purchase: StoredPurchase): Purchase {
  const { purchaseId, showId, state, lines, serviceFeeClp, totalClp, heldUntil, now, buyer, language, orderCode, refusal } = purchase
  const payment = keptPayment(purchase) ?? purchase.payments.at(-1)
  const outcome = payment && OUTCOMES[payment.state]
  return {
    ...{ purchaseId, showId, state, lines, serviceFeeClp, totalClp, now: now.toISOString() },
    ...(heldUntil && { heldUntil: heldUntil.toISOString() }),
    ...(isExtendable(purchase) && { extendable: true }),
    ...(buyer && { buyer }),
    ...(language && { language }),
    ...(orderCode && { code: orderCode }),
    ...(refusal && { refusal: { code: refusal.code, params: refusal.params } }),
    ...(payment && { payment: { provider: payment.provider, ...(outcome && { outcome }) } })
  }
}

/** @throws Refusal `PURCHASE_UNKNOWN`. */
export async function findPurchase(tx: Tx, purchaseId: string): Promise<StoredPurchase> {
  const { rows } = await tx.query<Omit<StoredPurchase, 'payments'>>({
    name: 'find-purchase',
    text: `select ${COLUMNS} from purchase.purchases where purchase_id = $1`,
    values: [purchaseId]
  })
  return withPayments(tx, purchaseId, rows[0])
}

/** The same, and nobody else changes it, or its payments, until the transaction ends. */
export async function lockPurchase(tx: Tx, purchaseId: string): Promise<StoredPurchase> {
  const { rows } = await tx.query<Omit<StoredPurchase, 'payments'>>({
    name: 'lock-purchase',
    text: `select ${COLUMNS} from purchase.purchases where purchase_id = $1 for update`,
    values: [purchaseId]
  })
  return withPayments(tx, purchaseId, rows[0])
}

/**
 * Puts a locked purchase into a state.
 *
 * @param dueSeconds - When somebody should look at it, if nothing else happens before; null: never.
 */
export async function enterState(tx: Tx, purchaseId: string, state: PurchaseState, dueSeconds: number | null): Promise<void> {
  await tx.query({
    name: 'enter-state',
    text: `update purchase.purchases
           set state = $2, attempts = 0, changed_at = clock_timestamp(),
               due_at = clock_timestamp() + make_interval(secs => $3)
           where purchase_id = $1`,
    values: [purchaseId, state, dueSeconds]
  })
}

/** Puts a payment of a locked purchase into a state, with what the bank said about it. */
export async function enterPaymentState(tx: Tx, token: string, state: PaymentState, detail: unknown = null): Promise<void> {
  await tx.query({
    name: 'enter-payment-state',
    text: `update purchase.payments
           set state = $2, detail = coalesce($3, detail),
               ended_at = case when $2 in ('rejected', 'abandoned', 'refunded') then clock_timestamp() end
           where token = $1`,
    values: [token, state, detail]
  })
}

const HELD_GRACE_SECONDS = 5

/** Seconds until a hold has run out for certain. */
export function holdLastsSeconds({ heldUntil, now }: StoredPurchase): number {
  return Math.max(0, ((heldUntil?.getTime() ?? 0) - now.getTime()) / 1_000) + HELD_GRACE_SECONDS
}

const COLUMNS = `purchase_id as "purchaseId", fingerprint, state, show_id as "showId", wish, seat_nos as "seatNos", places, lines,
  service_fee_clp as "serviceFeeClp", total_clp as "totalClp", held_until as "heldUntil", extended, buyer, language,
  order_code as "orderCode", refusal, pay_attempts as "payAttempts", attempts, made_at as "madeAt", changed_at as "changedAt",
  clock_timestamp() as now, due_at::text as "dueMark"`

/** Read on their own, after the purchase: a statement that waited for a lock sees the other tables as they were before. */
async function withPayments(tx: Tx, purchaseId: string, row: Omit<StoredPurchase, 'payments'> | undefined): Promise<StoredPurchase> {
  if (!row) throw refuse('PURCHASE_UNKNOWN', { purchaseId })
  const { rows: payments } = await tx.query<Payment>({
    name: 'find-payments',
    text: `select token, buy_order as "buyOrder", provider, amount_clp as "amountClp", url, state,
                  extract(epoch from clock_timestamp() - started_at)::float8 as "ageSeconds"
           from purchase.payments
           where purchase_id = $1
           order by started_at, token`,
    values: [purchaseId]
  })
  return { ...row, payments }
}
