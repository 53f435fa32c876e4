import { refusals } from '../chassis/errors.ts'

/** What this service itself may refuse; what the seller refuses passes through. The words for people are in the portal, under the same codes. */
export const refuse = refusals({
  EMPTY_CHOICE: [422, 'A purchase needs at least one seat or place'],
  TOO_MANY_TICKETS: [422, 'More tickets than one order may have'],
  TICKET_TYPES_UNEVEN: [422, 'There must be one ticket type per seat, or none'],
  PURCHASE_UNKNOWN: [404, 'There is no such purchase'],
  PURCHASE_MISMATCH: [422, 'This purchase id is known with another wish'],
  PURCHASE_OVER: [409, 'This purchase has ended'],
  PURCHASE_PAID: [409, 'This purchase is paid'],
  HOLD_PENDING: [409, 'The seller has not held it yet'],
  HOLD_EXPIRED: [409, 'The time to pay has run out'],
  NAME_EMPTY: [422, 'A buyer has a name'],
  RUT_INVALID: [422, 'The verifier does not belong to this RUT'],
  PAYMENT_BUSY: [409, 'The bank is deciding about this payment'],
  PAYMENT_UNKNOWN: [404, 'The bank has no such payment of ours'],
  PAYMENT_ATTEMPTS: [409, 'This purchase was tried too often'],
  RETURN_EMPTY: [422, 'The bank names no payment'],
  LINK_UNKNOWN: [404, 'This link is not one of ours'],
  LINK_EXPIRED: [410, 'This link has ended']
})
