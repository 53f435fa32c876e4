import { type Static, Type } from 'typebox'
import { Buyer, Clp, Instant, Key, Language, Line, Uuid } from './values.ts'

/**
 * held -> paying -> paid -> ordered -> documented. Other ends: `refused` (the
 * hold was not given), `released` (the buyer let go), `expired`, and
 * `refunding` -> `refunded`. `holding` is before the seller has answered.
 */
export const PurchaseState = Type.Enum([
  'holding',
  'held',
  'paying',
  'paid',
  'ordered',
  'documented',
  'refused',
  'released',
  'expired',
  'refunding',
  'refunded'
])

/**
 * PUT /purchases/:purchaseId takes a Wish and gives a Purchase. The id is also the hold's and the order's.
 * PUT /purchases/:purchaseId/extension takes nothing and gives it with its new `heldUntil`: once, a repeat gets the same.
 */
export const Purchase = Type.Object({
  purchaseId: Uuid,
  showId: Key,
  state: PurchaseState,
  lines: Type.Array(Line),
  serviceFeeClp: Clp,
  totalClp: Clp,
  heldUntil: Type.Optional(Instant),
  extendable: Type.Optional(
    Type.Boolean({ description: 'True while the hold may be extended: it has not been, and no payment has taken the money.' })
  ),
  now: Type.Optional(Instant),
  buyer: Type.Optional(Buyer),
  language: Type.Optional(Language),
  code: Type.Optional(Type.String({ description: 'The order number people read, once it is ordered.' })),
  refusal: Type.Optional(Type.Object({ code: Type.String(), params: Type.Record(Type.String(), Type.Unknown()) })),
  payment: Type.Optional(Type.Object({ provider: Type.String(), outcome: Type.Optional(Type.String()) }))
})

/** PUT /purchases/:purchaseId/payment. */
export const PaymentRequest = Type.Object({
  buyer: Buyer,
  language: Language,
  /** Which version of the terms and of the privacy notice was agreed to; the moment is the server's. */
  consent: Type.Object({ terms: Type.String({ minLength: 1, maxLength: 40 }), privacy: Type.String({ minLength: 1, maxLength: 40 }) })
})

/** Where the buyer's browser goes next: a form is posted to the bank, or nothing is left to pay. */
export const PaymentStarted = Type.Object({
  purchase: Purchase,
  redirect: Type.Optional(Type.Object({ url: Type.String(), token: Type.String() }))
})

/**
 * POST /payments/return: what the bank's page sent back with the buyer.
 * `token_ws` alone: paid or rejected; `TBK_TOKEN`: the buyer gave up;
 * `TBK_ORDEN_COMPRA` without either: the bank's window timed out.
 */
export const BankReturn = Type.Object({
  token_ws: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  TBK_TOKEN: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  TBK_ORDEN_COMPRA: Type.Optional(Type.String({ minLength: 1, maxLength: 26 })),
  TBK_ID_SESION: Type.Optional(Type.String({ minLength: 1, maxLength: 61 }))
})

/** POST /lost-tickets answers the same whether or not the address is known. */
export const LostTickets = Type.Object({ email: Buyer.properties.email, language: Language })

export type PurchaseState = Static<typeof PurchaseState>
export type Purchase = Static<typeof Purchase>
export type PaymentRequest = Static<typeof PaymentRequest>
export type PaymentStarted = Static<typeof PaymentStarted>
export type BankReturn = Static<typeof BankReturn>
export type LostTickets = Static<typeof LostTickets>
