import { refusals } from '../chassis/errors.ts'

/** Everything this service may refuse. The words for people are the portal's, under the same codes. */
export const refuse = refusals({
  ORDER_MISMATCH: [422, 'This order is known with other contents'],
  ORDER_CODE_TAKEN: [409, 'Another order has this code'],
  DOCUMENT_UNKNOWN: [404, 'There is no such document'],
  DOCUMENT_PENDING: [409, 'This document is still being made'],
  EVENT_NOT_FAILED: [404, 'This event is not in the failed register'],
  EVENT_STILL_FAILS: [409, 'This event failed again'],
  EVENT_DISCARDED: [409, 'This event was given up'],
  EVENT_OUT_OF_TURN: [409, 'An earlier event of this order is missing or failed: that one first']
})
