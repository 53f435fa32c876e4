import type { Tx } from '../chassis/postgres.ts'
import type { BankReturn } from '../contracts/purchase.ts'
import { type Kit, store } from './kit.ts'
import { type Mover, takeLease } from './mover.ts'
import { enterPaymentState, enterState, keptPayment, lockPurchase, type StoredPurchase } from './purchases.ts'
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
  const name = back.token_ws ?? back.TBK_TOKEN ?? back.TBK_ORDEN_COMPRA
  if (name === undefined) throw refuse('RETURN_EMPTY')
  const approved = back.token_ws !== undefined && back.TBK_TOKEN === undefined
  const { purchaseId, token } = await store(kit, (tx) => findPayment(tx, name))

  const begun = await store(kit, (tx) => (approved ? beginCommit(tx, purchaseId, token) : giveUp(tx, purchaseId, token)))
  if (!begun) return mover.moveOn(purchaseId)
  return mover.moveOn(purchaseId, commitPayment(begun))
}

/** Notes that a commit goes out, before it does. @returns The payment, if this caller and nobody else sends it. */
async function beginCommit(tx: Tx, purchaseId: string, token: string) {
  const purchase = await lockPurchase(tx, purchaseId)
  const payment = purchase.payments.find((candidate) => candidate.token === token)
  if (payment?.state !== 'started') return undefined
  const payable = purchase.state === 'held' || purchase.state === 'paying'
  if (!payable || keptPayment(purchase)) {
    await enterPaymentState(tx, token, 'abandoned')
    return undefined
  }
  await enterPaymentState(tx, token, 'committing')
  await enterState(tx, purchaseId, 'paying', ASK_AGAIN_SECONDS)
  return (await takeLease(tx, purchaseId)) ? payment : undefined
}

async function giveUp(tx: Tx, purchaseId: string, token: string): Promise<undefined> {
  const { payments } = await lockPurchase(tx, purchaseId)
  if (payments.find((payment) => payment.token === token)?.state !== 'started') return undefined
  await enterPaymentState(tx, token, 'abandoned')
  await backToHeld(tx, purchaseId)
}

async function findPayment(tx: Tx, name: string): Promise<{ purchaseId: string; token: string }> {
  const { rows } = await tx.query<{ purchaseId: string; token: string }>({
    name: 'find-payment',
    text: `select purchase_id as "purchaseId", token from purchase.payments where token = $1 or buy_order = $1`,
    values: [name]
  })
  if (!rows[0]) throw refuse('PAYMENT_UNKNOWN')
  return rows[0]
}
