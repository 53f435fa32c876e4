/** A purchase as it is stored, and what became of what it held. Pure data: a test writes it by hand. */
export interface Bought {
  purchaseId: string
  state: string
  totalClp: number
  /** What was noted of each of its payments. */
  payments: string[]
  /** Its hold keeps seats from others: nothing was sold for it, it was not let go, and it has not run out. */
  holds: boolean
}

/** What the bank says of one payment. */
export interface Paid {
  purchaseId: string
  /** In the bank's words. */
  status: string
  amountClp: number
}

const ORDERED = new Set(['ordered', 'documented'])
/** Over, and nothing was bought. */
const ENDED = new Set(['refused', 'released', 'expired', 'refunded'])
/** Somebody has to move it on. */
const UNDER_WAY = new Set(['holding', 'paid', 'refunding'])
/** Of which nobody here knows yet whether it took money, or gave it back. */
const UNDECIDED = new Set(['committing', 'refunding'])
const TAKEN = 'AUTHORIZED'
const GIVEN_BACK = new Set(['REVERSED', 'NULLIFIED'])

/**
 * Looks at purchases that nobody works on any more, as their bank sees them.
 *
 * @returns One sentence for each that has not ended, whose buyer has paid for
 *   nothing, or has something unpaid, or that keeps seats from others after its end.
 */
export function unended(purchases: Bought[], payments: Paid[]): string[] {
  const paymentsOf = Map.groupBy(payments, ({ purchaseId }) => purchaseId)
  return purchases.flatMap((purchase) =>
    oddIn(purchase, paymentsOf.get(purchase.purchaseId) ?? []).map(
      (what) => `purchase ${purchase.purchaseId} is ${purchase.state} and ${what}`
    )
  )
}

function oddIn({ state, totalClp, payments: noted, holds }: Bought, payments: Paid[]): string[] {
  const taken = payments.filter(({ status }) => status === TAKEN)
  const wanted = ORDERED.has(state) && totalClp > 0 ? [totalClp] : []
  return [
    ...(UNDER_WAY.has(state) ? ['has not ended'] : []),
    ...(noted.some((payment) => UNDECIDED.has(payment)) ? ['has a payment that nobody knows the outcome of'] : []),
    ...(same(taken, wanted) ? [] : [`the bank has taken [${taken.map(({ amountClp }) => amountClp)}] for it, not [${wanted}]`]),
    ...(state === 'refunded' && totalClp > 0 && !payments.some(({ status }) => GIVEN_BACK.has(status)) ? ['nothing was given back'] : []),
    ...(ENDED.has(state) && holds ? ['keeps its seats from others'] : [])
  ]
}

function same(taken: Paid[], wanted: number[]): boolean {
  return taken.length === wanted.length && taken.every(({ amountClp }, i) => amountClp === wanted[i])
}
