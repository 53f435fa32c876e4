import { refusals } from '../chassis/errors.ts'

/** Everything this service may refuse. The words for people are the portal's, under the same codes. */
export const refuse = refusals({
  ORDER_MISMATCH: [422, 'This order is known with other contents'],
  ORDER_CODE_TAKEN: [409, 'Another order has this code'],
  DOCUMENT_UNKNOWN: [404, 'There is no such document'],
  DOCUMENT_PENDING: [409, 'This document is still being made']
})
