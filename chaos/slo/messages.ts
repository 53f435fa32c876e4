import type { Paper } from '../evidence.ts'
import type { Entry } from '../history.ts'

/**
 * Each order by itself, those that are in the books and those that a buyer was
 * told of: 0 when its message got so far, infinite when not.
 */
export function messageLosses(history: readonly Entry[], papers: readonly Paper[], until: 'publishedAt' | 'issuedAt'): number[] {
  const reached = new Map(papers.map((paper) => [paper.orderId, paper[until] !== null]))
  const orderIds = new Set([...reached.keys(), ...toldOrders(history)])
  return [...orderIds].map((orderId) => (reached.get(orderId) ? 0 : Number.POSITIVE_INFINITY))
}

/** Orders of which somebody was told «yes», and that were asked for in this series. */
export function toldOrders(history: readonly Entry[]): Set<string> {
  const asked = new Set(history.filter(({ type }) => type === 'invoke').map(({ op, key }) => `${op} ${key}`))
  return new Set(
    history
      .filter(({ type, op, key }) => type === 'ok' && (op === 'sale' || op === 'purchase') && asked.has(`${op} ${key}`))
      .map(({ orderId, key }) => orderId ?? key)
  )
}

/** Seats of which two buyers were told that they are theirs. */
export function doubledSeats(history: readonly Entry[]): string[] {
  const owners = new Map<string, Set<string>>()
  for (const { type, op, key, showId, seatNos = [] } of history) {
    if (type !== 'ok' || op !== 'sale') continue
    for (const seatNo of seatNos) {
      const seat = `${showId}/${seatNo}`
      owners.set(seat, (owners.get(seat) ?? new Set()).add(key))
    }
  }
  return [...owners].filter(([, keys]) => keys.size > 1).map(([seat]) => seat)
}
