import { crashPoint } from '../chassis/crash-point.ts'
import type { Tx } from '../chassis/postgres.ts'
import type { PaymentRequest } from '../contracts/purchase.ts'
import type { HoldBound } from '../contracts/selling.ts'
import type { Buyer } from '../contracts/values.ts'
import { type Kit, store } from './kit.ts'
import type { Mover } from './mover.ts'
import { enterState, findPurchase, isPaid, keptPayment, lockPurchase, type Payment, type StoredPurchase } from './purchases.ts'
import { refuse } from './refusals.ts'
import { isRut } from './rut.ts'

const REUSE_SECONDS_MAX = 300 // the bank keeps a payment page open for longer than this
const ATTEMPTS_MAX = 36 // one more character behind the id, in base 36
const LOOK_SECONDS = 60
const ORDER_SECONDS = 5
const ROUNDS_MAX = 3

export interface Started {
  purchase: StoredPurchase
  redirect?: { url: string; token: string }
}

/** What is to be done next for a buyer who wants to pay. */
type Next = { do: 'nothing' } | { do: 'order' } | { do: 'reuse'; payment: Payment } | { do: 'create'; buyOrder: string }

/**
 * Tells the seller whose the hold is, notes the buyer and the consent, and sends
 * the buyer to pay. Who may not have so many tickets is told before there is any
 * payment: nothing is changed, and another buyer may try. A second click,
 * a second tab or the back button get the payment that was already begun, as
 * long as the bank still takes it. What costs nothing is paid at once.
 *
 * The payment is made at the bank first and stored afterwards: one that could
 * not be stored is shown to nobody, so nobody can pay it.
 *
 * @throws Refusal `RUT_INVALID`, `NAME_EMPTY`, `BUYER_LIMIT`, `HOLD_EXPIRED`, `PURCHASE_OVER` and what else `prepare` refuses.
 */
export async function startPayment(kit: Kit, mover: Mover, purchaseId: string, request: PaymentRequest): Promise<Started> {
  const asked = checked(request)
  const before = await store(kit, (tx) => findPurchase(tx, purchaseId))
  if (isPaid(before) || keptPayment(before)) return { purchase: before }
  checkPayable(before)
  await bindBuyer(kit, purchaseId, asked.buyer)
  crashPoint('purchase-bound')
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { purchase, next } = await store(kit, (tx) => prepare(tx, purchaseId, asked))
    if (next.do === 'nothing') return { purchase }
    if (next.do === 'order') return { purchase: await mover.moveOn(purchaseId) }
    if (next.do === 'create') return begin(kit, purchase, next.buyOrder)
    if (await stillOpen(kit, next.payment)) return { purchase, redirect: next.payment }
    await mover.moveOn(purchaseId) // the bank has decided meanwhile: let that be known first
  }
  throw refuse('PAYMENT_BUSY')
}

function checked(request: PaymentRequest): PaymentRequest {
  const { buyer } = request
  const name = buyer.name.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  if (name === '') throw refuse('NAME_EMPTY')
  if (buyer.rut !== undefined && !isRut(buyer.rut)) throw refuse('RUT_INVALID')
  return { ...request, buyer: { ...buyer, name } }
}

/** The order itself counts again: this is so that nobody pays for what will be refused. */
async function bindBuyer({ seller }: Kit, holdId: string, { email }: Buyer): Promise<void> {
  await seller.call<HoldBound>('PUT', `/holds/${holdId}/buyer`, { email })
}

async function prepare(tx: Tx, purchaseId: string, request: PaymentRequest): Promise<{ purchase: StoredPurchase; next: Next }> {
  const purchase = await lockPurchase(tx, purchaseId)
  if (isPaid(purchase) || keptPayment(purchase)) return { purchase, next: { do: 'nothing' } }
  checkPayable(purchase)
  await storeBuyer(tx, purchaseId, request)
  const next = await nextFor(tx, purchase)
  return { purchase: await findPurchase(tx, purchaseId), next }
}

async function nextFor(tx: Tx, purchase: StoredPurchase): Promise<Next> {
  const { purchaseId, totalClp, payAttempts } = purchase
  if (totalClp === 0) {
    await insertPayment(tx, { ...free(purchaseId), purchaseId, state: 'authorized' })
    await enterState(tx, purchaseId, 'paid', ORDER_SECONDS)
    return { do: 'order' }
  }
  const payment = usable(purchase)
  if (payment) return { do: 'reuse', payment }
  if (payAttempts >= ATTEMPTS_MAX) throw refuse('PAYMENT_ATTEMPTS', { max: ATTEMPTS_MAX })
  await tx.query('update purchase.purchases set pay_attempts = pay_attempts + 1 where purchase_id = $1', [purchaseId])
  return { do: 'create', buyOrder: buyOrderOf(purchaseId, payAttempts) }
}

async function begin(kit: Kit, { purchaseId, totalClp }: StoredPurchase, buyOrder: string): Promise<Started> {
  const { token, url } = await kit.bank.create({ buyOrder, sessionId: purchaseId, amountClp: totalClp })
  crashPoint('purchase-payment-begun')
  const started = await store<Started>(kit, async (tx) => {
    const purchase = await lockPurchase(tx, purchaseId)
    if (isPaid(purchase) || keptPayment(purchase)) return { purchase }
    checkPayable(purchase)
    const earlier = usable(purchase) // made by another click while we were at the bank, or this very one
    if (earlier) return { purchase, redirect: earlier }

    await insertPayment(tx, { token, url, buyOrder, purchaseId, provider: kit.bank.name, amountClp: totalClp, state: 'started' })
    await enterState(tx, purchaseId, 'paying', LOOK_SECONDS)
    return { purchase: await findPurchase(tx, purchaseId), redirect: { token, url } }
  })
  crashPoint('purchase-payment-stored')
  return started
}

function checkPayable({ state, heldUntil, now }: StoredPurchase): void {
  if (state === 'holding') throw refuse('HOLD_PENDING')
  if (state === 'expired') throw refuse('HOLD_EXPIRED')
  if (state !== 'held' && state !== 'paying') throw refuse('PURCHASE_OVER', { state })
  if (!heldUntil || heldUntil <= now) throw refuse('HOLD_EXPIRED')
}

function usable({ payments }: StoredPurchase): Payment | undefined {
  return payments.findLast(({ state, ageSeconds }) => state === 'started' && ageSeconds < REUSE_SECONDS_MAX)
}

/** A bank that cannot say lets its own page decide. */
function stillOpen({ bank, log }: Kit, { token }: Payment): Promise<boolean> {
  return bank.status(token).then(
    ({ state }) => state === 'open',
    (err: unknown) => {
      log.warn({ err }, 'bank not asked about a payment begun')
      return true
    }
  )
}

/** At most 26 characters: the id in base 36 (25), and which attempt it is if not the first. */
export function buyOrderOf(purchaseId: string, attempt: number): string {
  const id = BigInt(`0x${purchaseId.replaceAll('-', '')}`)
    .toString(36)
    .padStart(25, '0')
  return attempt === 0 ? id : id + attempt.toString(36)
}

function free(purchaseId: string) {
  return { token: `free-${purchaseId}`, buyOrder: buyOrderOf(purchaseId, 0), provider: 'free', amountClp: 0, url: '' }
}

async function storeBuyer(tx: Tx, purchaseId: string, { buyer, language, consent }: PaymentRequest): Promise<void> {
  await tx.query({
    name: 'store-buyer',
    text: `update purchase.purchases
           set buyer = $2, language = $3,
               consent = $4::jsonb || jsonb_build_object('at', to_jsonb(clock_timestamp() at time zone 'utc'))
           where purchase_id = $1`,
    values: [purchaseId, buyer, language, { terms: consent.terms, privacy: consent.privacy }]
  })
}

type NewPayment = Omit<Payment, 'ageSeconds'> & { purchaseId: string }

async function insertPayment(tx: Tx, payment: NewPayment): Promise<void> {
  const { token, purchaseId, buyOrder, provider, amountClp, url, state } = payment
  await tx.query({
    name: 'insert-payment',
    text: `insert into purchase.payments (token, purchase_id, buy_order, provider, amount_clp, url, state)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (token) do nothing`,
    values: [token, purchaseId, buyOrder, provider, amountClp, url, state]
  })
}
