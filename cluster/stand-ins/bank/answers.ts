import { balance, dayOf, type Transaction } from './transaction.ts'

const CARD = '6623'

/** What commit and status say, field by field as Webpay Plus 1.2 does. */
export function transactionAnswer(transaction: Transaction): Record<string, unknown> {
  const { status, amount, buyOrder, sessionId, createdAt, committedAt, authorizationCode } = transaction
  const day = dayOf(new Date(committedAt ?? createdAt))
  const always = {
    amount,
    status,
    buy_order: buyOrder,
    session_id: sessionId,
    accounting_date: day.slice(5).replace('-', ''),
    transaction_date: committedAt ?? createdAt,
    installments_number: 0
  }
  if (!committedAt) return always
  const failed = status === 'FAILED'
  return {
    vci: failed ? 'TSN' : 'TSY',
    ...always,
    card_detail: { card_number: CARD },
    authorization_code: authorizationCode,
    payment_type_code: 'VD',
    response_code: failed ? -1 : 0,
    ...(transaction.refunds.length > 0 ? { balance: balance(transaction) } : {})
  }
}

/** What a refund says: an undone sale has no more to tell. */
export function refundAnswer(transaction: Transaction): Record<string, unknown> {
  const last = transaction.refunds.at(-1)!
  if (last.type === 'REVERSED') return { type: 'REVERSED' }
  return {
    type: 'NULLIFIED',
    authorization_code: last.authorizationCode,
    authorization_date: last.at,
    nullified_amount: last.amount,
    balance: balance(transaction),
    response_code: 0
  }
}

/** The day's file: a line for every sale and every refund, oldest first. A sale that was undone appears with its undoing. */
export function settlement(transactions: Transaction[], day: string, commerceCode: string): string {
  const lines = transactions.flatMap((transaction) => {
    const { buyOrder, token, amount, authorizationCode, committedAt, status, refunds } = transaction
    const sale = committedAt && status !== 'FAILED' ? [{ at: committedAt, type: 'VENTA', authorizationCode, amount }] : []
    const backs = refunds.map((made) => ({ ...made, type: made.type === 'REVERSED' ? 'REVERSA' : 'ANULACION', amount: -made.amount }))
    return [...sale, ...backs].map((line) => ({ ...line, buyOrder, token }))
  })
  const ofDay = lines.filter(({ at }) => dayOf(new Date(at)) === day).sort((a, b) => a.at.localeCompare(b.at))
  const rows = ofDay.map(({ at, type, buyOrder, token, authorizationCode, amount }) =>
    [day, at, commerceCode, type, buyOrder, token, authorizationCode ?? '', amount].map(cell).join(',')
  )
  return ['fecha_contable,fecha_hora,codigo_comercio,tipo,orden_compra,token,codigo_autorizacion,monto', ...rows, ''].join('\r\n')
}

function cell(value: string | number): string {
  return /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value)
}
