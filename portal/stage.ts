import type { Purchase } from '../contracts/purchase.ts'
import { secondsLeft } from './checkout-view.ts'

/** Which page a purchase has. */
export type Stage = 'confirming' | 'checkout' | 'order' | 'ended'

/**
 * A hold that ran out has ended, unless a payment is on its way: money that
 * arrives late still buys the seats while they are free, so nobody is told yet.
 * Whose approval is on its way to the bank is not asked to pay again.
 */
export function stageOf(purchase: Purchase): Stage {
  switch (purchase.state) {
    case 'holding':
    case 'paid':
    case 'refunding':
      return 'confirming'
    case 'held':
      return secondsLeft(purchase) > 0 ? 'checkout' : 'ended'
    case 'paying':
      return secondsLeft(purchase) > 0 && !isDecided(purchase) ? 'checkout' : 'confirming'
    case 'ordered':
    case 'documented':
      return 'order'
    case 'refused':
    case 'released':
    case 'expired':
    case 'refunded':
      return 'ended'
  }
}

function isDecided({ payment }: Purchase): boolean {
  return payment?.outcome === 'committing'
}
