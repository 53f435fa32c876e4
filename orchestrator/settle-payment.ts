import { crashPoint } from '../chassis/crash-point.ts'
import type { Tx } from '../chassis/postgres.ts'
import type { BankAnswer } from './bank.ts'
import { type Kit, store } from './kit.ts'
import type { Step } from './mover.ts'
import { enterPaymentState, enterState, holdLastsSeconds, keptPayment, livePayments, lockPurchase, type Payment } from './purchases.ts'

const BANK_WINDOW_SECONDS = 660 // after this the bank takes no approval and no commit any more
const LOOK_SECONDS = 60
const ASK_AGAIN_SECONDS = 5
const ORDER_SECONDS = 5

/**
 * Asks the bank about every payment of a purchase that it may still decide, and
 * believes what it says. A commit whose outcome was not heard is sent again
 * only after the bank has said that it never arrived.
 */
export const settlePayments: Step = async (kit, purchase) => {
  const { purchaseId } = purchase
  let waiting = 0
  for (const payment of livePayments(purchase)) {
    const answer = await kit.bank.status(payment.token)
    if (answer.state !== 'open') await settle(kit, purchaseId, payment, answer)
    else if (payment.ageSeconds > BANK_WINDOW_SECONDS) await settle(kit, purchaseId, payment, 'abandoned')
    else if (payment.state === 'committing') return commitPayment(payment)(kit, purchase)
    else waiting++
  }
  if (waiting === livePayments(purchase).length && waiting > 0) return LOOK_SECONDS
  await store(kit, (tx) => backToHeld(tx, purchaseId))
  return 'moved'
}

/** Takes the money of a payment that is noted as `committing`. */
export function commitPayment(payment: Payment): Step {
  return async (kit, { purchaseId }) => {
    const answer = await kit.bank.commit(payment.token).catch((err: unknown) => {
      kit.log.warn({ err, purchaseId }, 'commit of a payment not answered: asking')
      return kit.bank.status(payment.token)
    })
    if (answer.state === 'open') return ASK_AGAIN_SECONDS
    crashPoint('purchase-captured')
    await settle(kit, purchaseId, payment, answer)
    return 'moved'
  }
}

/**
 * Stores what became of a payment, once. Money that came for a purchase that
 * already keeps a payment, or has ended, or is not the sum that was asked for,
 * goes back.
 */
async function settle(kit: Kit, purchaseId: string, { token }: Payment, answer: BankAnswer | 'abandoned'): Promise<void> {
  await store(kit, async (tx) => {
    const purchase = await lockPurchase(tx, purchaseId)
    const payment = purchase.payments.find((candidate) => candidate.token === token)
    if (payment?.state !== 'started' && payment?.state !== 'committing') return
    if (answer === 'abandoned') await enterPaymentState(tx, token, 'abandoned')
    else if (answer.state === 'refunded') await enterPaymentState(tx, token, 'refunded', answer.detail)
    else if (answer.state === 'rejected') await enterPaymentState(tx, token, 'rejected', answer.detail)
    else if (mayKeep(purchase.state, keptPayment(purchase), payment, answer)) {
      await enterPaymentState(tx, token, 'authorized', answer.detail)
      return enterState(tx, purchaseId, 'paid', ORDER_SECONDS)
    } else {
      kit.log.error({ purchaseId, state: purchase.state }, 'money came that this purchase cannot keep: giving it back')
      await enterPaymentState(tx, token, 'refunding', answer.detail)
      await tx.query('update purchase.purchases set due_at = clock_timestamp() where purchase_id = $1', [purchaseId])
    }
    await backToHeld(tx, purchaseId)
  })
}

function mayKeep(state: string, kept: Payment | undefined, payment: Payment, { amountClp, buyOrder }: BankAnswer): boolean {
  const ours = amountClp === payment.amountClp && buyOrder === payment.buyOrder
  return ours && (state === 'paying' || state === 'held') && (kept === undefined || kept.token === payment.token)
}

/** A purchase with no payment left that may come through is where it was before: held, for as long as the hold lasts. */
export async function backToHeld(tx: Tx, purchaseId: string): Promise<void> {
  const purchase = await lockPurchase(tx, purchaseId)
  if (purchase.state !== 'paying' || livePayments(purchase).length > 0) return
  await enterState(tx, purchaseId, 'held', holdLastsSeconds(purchase))
}
