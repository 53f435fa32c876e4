import { randomUUID } from 'node:crypto'
import { crashPoint } from '../chassis/crash-point.ts'
import type { Tx } from '../chassis/postgres.ts'
import type { BankReturn } from '../contracts/purchase.ts'
import { type Kit, store } from './kit.ts'
import { renewLease, takeLease } from './lease.ts'
import type { Mover } from './mover.ts'
import { enterPaymentState, enterState, findPurchase, keptPayment, lockPurchase, type Payment, type StoredPurchase } from './purchases.ts'
import { refuse } from './refusals.ts'
import { backToHeld, commitPayment } from './settle-payment.ts'

const ASK_AGAIN_SECONDS = 10

/**
 * The buyer came back from the bank. The first return of an approved payment
 * commits it; every other one changes nothing and gets the same answer. A
 * payment whose purchase has ended, or has another one, is never committed:
 * the bank then takes no money by itself.
 *
 * @throws Refusal `RETURN_EMPTY`, or `PAYMENT_UNKNOWN` for what we never began.
 * @see https://www.transbankdevelopers.cl/documentacion/webpay-plus (the four ways back)
 */
export async function takeReturn(kit: Kit, mover: Mover, back: BankReturn): Promise<StoredPurchase> {
  const named = { token: back.token_ws ?? back.TBK_TOKEN, buyOrder: back.TBK_ORDEN_COMPRA }
  if (named.token === undefined && named.buyOrder === undefined) throw refuse('RETURN_EMPTY')
  const approved = back.token_ws !== undefined && back.TBK_TOKEN === undefined
  const owner = randomUUID()
  const { purchase, payment, mine } = await store(kit, (tx) => note(tx, named, approved, owner))
  if (!mine) return isUndecided(purchase) ? mover.moveOn(purchase.purchaseId) : purchase
  crashPoint('purchase-committing')
  return mover.carryOn(purchase, owner, commitPayment(payment))
}

interface Noted {
  purchase: StoredPurchase
  payment: Payment
  /** This caller, and nobody else, sends the commit. */
  mine: boolean
}

async function note(tx: Tx, named: Named, approved: boolean, owner: string): Promise<Noted> {
  const { purchaseId, token } = await findPayment(tx, named)
  const before = await lockPurchase(tx, purchaseId)
  const state = before.payments.find((payment) => payment.token === token)?.state
  const started = state === 'started'
  const noted = state === 'committing' && (await renewLease(tx, purchaseId, owner)) // by this very caller, whose commit was of unknown fate
  const mine = noted || (started && approved && (await beginCommit(tx, before, token, owner)))
  if (started && !approved) await giveUp(tx, before, token)
  const purchase = await findPurchase(tx, purchaseId)
  return { purchase, payment: purchase.payments.find((payment) => payment.token === token)!, mine }
}

/** Somebody is on it, or should be: the answer is worth a wait. */
function isUndecided(purchase: StoredPurchase): boolean {
  return purchase.state === 'paid' || purchase.state === 'refunding' || purchase.payments.some(({ state }) => state === 'committing')
}

/** Notes that a commit goes out, before it does. @returns Whether this caller is to send it. */
async function beginCommit(tx: Tx, purchase: StoredPurchase, token: string, owner: string): Promise<boolean> {
  const payable = purchase.state === 'held' || purchase.state === 'paying'
  if (!payable || keptPayment(purchase)) {
    await enterPaymentState(tx, token, 'abandoned')
    return false
  }
  await enterPaymentState(tx, token, 'committing')
  await enterState(tx, purchase.purchaseId, 'paying', ASK_AGAIN_SECONDS)
  return takeLease(tx, purchase.purchaseId, owner)
}

async function giveUp(tx: Tx, { purchaseId }: StoredPurchase, token: string): Promise<void> {
  await enterPaymentState(tx, token, 'abandoned')
  await backToHeld(tx, purchaseId)
}

/** How the bank's page names a payment: by its secret token, or by the order alone when its window timed out. */
interface Named {
  token: string | undefined
  buyOrder: string | undefined
}

async function findPayment(tx: Tx, { token, buyOrder }: Named): Promise<{ purchaseId: string; token: string }> {
  const { rows } = await tx.query<{ purchaseId: string; token: string }>({
    name: 'find-payment',
    text: `select purchase_id as "purchaseId", token from purchase.payments
           where token = $1 or ($1::text is null and buy_order = $2)`,
    values: [token ?? null, buyOrder ?? null]
  })
  if (!rows[0]) throw refuse('PAYMENT_UNKNOWN')
  return rows[0]
}
