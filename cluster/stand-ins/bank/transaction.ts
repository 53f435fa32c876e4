import { randomBytes, randomInt } from 'node:crypto'

export type Status = 'INITIALIZED' | 'AUTHORIZED' | 'FAILED' | 'REVERSED' | 'NULLIFIED' | 'PARTIALLY_NULLIFIED'

/** What the buyer did at the page. A buyer who only closed the window did nothing. */
export type Decision = 'approve' | 'reject' | 'abandon'

export interface Refund {
  at: string
  amount: number
  type: 'REVERSED' | 'NULLIFIED'
  authorizationCode: string
}

export interface Transaction {
  token: string
  buyOrder: string
  sessionId: string
  amount: number
  returnUrl: string
  status: Status
  createdAt: string
  decision?: Decision
  committedAt?: string
  authorizationCode?: string
  refunds: Refund[]
}

export interface Begin {
  buy_order: string
  session_id: string
  amount: number
  return_url: string
}

const SHOP_ZONE = 'America/Santiago'

/** The bank's way of saying no: its words, under HTTP 422. */
export class BankRefusal extends Error {
  override readonly name = 'BankRefusal'
}

export function begin({ buy_order, session_id, amount, return_url }: Begin, now: Date): Transaction {
  return {
    token: `01ab${randomBytes(30).toString('hex')}`,
    buyOrder: buy_order,
    sessionId: session_id,
    amount,
    returnUrl: return_url,
    status: 'INITIALIZED',
    createdAt: now.toISOString(),
    refunds: []
  }
}

/** The first decision counts; going back in the browser does not change it, and after the time nobody decides any more. */
export function decide(transaction: Transaction, decision: Decision, late: boolean): Transaction {
  return transaction.decision || late || transaction.status !== 'INITIALIZED' ? transaction : { ...transaction, decision }
}

/** Takes the money of what was approved, once and in time. What was rejected ends here too; what was abandoned, or is late, never can be. */
export function commit(transaction: Transaction, late: boolean, now: Date): Transaction {
  if (transaction.status !== 'INITIALIZED') throw new BankRefusal(`Transaction has an invalid finished state: ${transaction.status}`)
  if (late || transaction.decision === 'abandon') throw new BankRefusal('Transaction has an invalid finished state: ABORTED')
  if (!transaction.decision) throw new BankRefusal("Invalid status 'INITIALIZED' for transaction while authorizing")
  const approved = transaction.decision === 'approve'
  return {
    ...transaction,
    status: approved ? 'AUTHORIZED' : 'FAILED',
    committedAt: now.toISOString(),
    authorizationCode: approved ? code() : '000000'
  }
}

/** All of it on the same day undoes the sale; a part, or a later day, gives money back. */
export function refund(transaction: Transaction, amount: number, now: Date): Transaction {
  if (transaction.status !== 'AUTHORIZED' && transaction.status !== 'PARTIALLY_NULLIFIED')
    throw new BankRefusal(`Invalid status '${transaction.status}' for transaction while refunding`)
  if (amount > balance(transaction)) throw new BankRefusal('Amount to refund exceeds the balance of the transaction')
  const undone = amount === transaction.amount && dayOf(now) === dayOf(new Date(transaction.committedAt!))
  const made: Refund = { at: now.toISOString(), amount, type: undone ? 'REVERSED' : 'NULLIFIED', authorizationCode: code() }
  const refunded = { ...transaction, refunds: [...transaction.refunds, made] }
  return { ...refunded, status: undone ? 'REVERSED' : balance(refunded) === 0 ? 'NULLIFIED' : 'PARTIALLY_NULLIFIED' }
}

export function balance({ amount, refunds }: Transaction): number {
  return amount - refunds.reduce((sum, made) => sum + made.amount, 0)
}

/** A day of the bank's books. */
export function dayOf(moment: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: SHOP_ZONE }).format(moment)
}

function code(): string {
  return String(randomInt(100_000, 1_000_000))
}
