import { refusals } from '../chassis/errors.ts'

/** Everything this service may refuse. The words for people are in portal/words.ts, under the same codes. */
export const refuse = refusals({
  EMPTY_CHOICE: [422, 'A hold needs at least one seat or place'],
  TOO_MANY_TICKETS: [422, 'More tickets than one order may have'],
  SHOW_UNKNOWN: [404, 'There is no such show'],
  SEAT_UNKNOWN: [404, 'This show has no such seat'],
  ZONE_UNKNOWN: [404, 'This show has no such zone'],
  NOT_ON_SALE: [409, 'The show is not on sale now'],
  SEAT_TAKEN: [409, 'A seat is no longer available'],
  ZONE_FULL: [409, 'The zone has not that many places left'],
  HOLD_MISMATCH: [422, 'This hold id is known with another body'],
  HOLD_RELEASED: [410, 'This hold was released; a new one needs a new id'],
  HOLD_UNKNOWN: [404, 'There is no such hold'],
  HOLD_SOLD: [409, 'Another order was made from this hold'],
  PRICE_CHANGED: [409, 'The order does not cost what was quoted'],
  ORDER_MISMATCH: [422, 'This order id is known with another body'],
  ORDER_VOID: [409, 'This order id was made void: no order will stand under it'],
  ORDER_EXISTS: [409, 'An order stands under this id'],
  ORDER_UNKNOWN: [404, 'There is no such order'],
  PLAN_NOT_JSON: [400, 'The file is not JSON'],
  PLAN_INVALID: [422, 'The file is not a seating plan this service can take'],
  PLAN_IN_USE: [409, 'Another plan stands under this code, and a show uses it'],
  PLAN_UNKNOWN: [404, 'There is no such seating plan'],
  SHOW_MISMATCH: [422, 'This show code is known with another body'],
  SHOW_INVALID: [422, 'The show contradicts itself or its seating plan']
})
