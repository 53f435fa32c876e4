import { CRASH_POINTS, type CrashPoint } from '../../chassis/crash-point.ts'
import { type OddBuyer, tooLate, wavering } from './odd-buyers.ts'

/** Every place between the buyer's click and the mail. Those of a failover are reached when a primary dies. */
export const PLACES: readonly CrashPoint[] = CRASH_POINTS.filter((place) => !place.startsWith('failover-'))

/** Who comes past a place that the crowd never sees. */
const ODD_BUYERS: Partial<Record<CrashPoint, OddBuyer>> = {
  'purchase-extended': wavering,
  'purchase-released': wavering,
  'purchase-order-refused': tooLate,
  'seller-voided': tooLate,
  'purchase-voided': tooLate,
  'purchase-refund-noted': tooLate,
  'purchase-refund-sent': tooLate,
  'purchase-refund-stored': tooLate
}

export function oddBuyerAt(place: CrashPoint): OddBuyer | undefined {
  return ODD_BUYERS[place]
}

/** Who asks at the counter of the process that dies sees it die; nobody else at the box office notices. */
export function isAtTheCounter(place: CrashPoint): boolean {
  return place.startsWith('seller-')
}
