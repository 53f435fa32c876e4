import { type Static, Type } from 'typebox'
import { Buyer, Choice, Clp, Code, Instant, Key, Language, Line, Priced, Uuid } from './values.ts'

/** PUT /holds/:holdId takes a Choice and gives a Hold. The same id is the same hold, however often it arrives. */
export const Hold = Type.Object({
  holdId: Uuid,
  ...Choice.properties,
  ...Priced.properties,
  heldUntil: Instant
})

/** PUT /orders/:orderId takes an OrderRequest and gives an Order. Prices are the seller's; `totalClp` is what the buyer paid. */
export const OrderRequest = Type.Object({
  holdId: Uuid,
  buyer: Buyer,
  language: Language,
  totalClp: Clp
})

export const Order = Type.Object({
  orderId: Uuid,
  code: Type.String(),
  showId: Key,
  lines: Type.Array(Line),
  serviceFeeClp: Clp,
  totalClp: Clp,
  madeAt: Instant
})

/** PUT /orders/:orderId/void: no order will ever stand under this id. Refused with ORDER_EXISTS when one does. */
export const Voided = Type.Object({ orderId: Uuid, voided: Type.Literal(true) })

/** PUT /shows/:showCode. A plan holds numbered seats only; zones come with the show. */
export const ShowRequest = Type.Object({
  planCode: Code,
  title: Type.String({ minLength: 1, maxLength: 80 }),
  description: Type.Object({ es: Type.String({ maxLength: 2_000 }), en: Type.String({ maxLength: 2_000 }) }),
  genre: Type.String({ minLength: 1, maxLength: 40, description: 'Música, Teatro, Deporte...' }),
  venue: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 80 }),
    address: Type.String({ minLength: 1, maxLength: 120 }),
    city: Type.String({ minLength: 1, maxLength: 60 })
  }),
  startsAt: Instant,
  doorsAt: Type.Optional(Instant),
  timeZone: Type.String({ minLength: 1, maxLength: 40 }),
  salesFrom: Instant,
  salesUntil: Instant,
  serviceFeePerTicketClp: Clp,
  prices: Type.Array(Type.Object({ category: Type.String({ minLength: 1, maxLength: 60 }), priceClp: Clp }), { maxItems: 100 }),
  zones: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1, maxLength: 60, description: 'A zone of the plan with this name lends its shape.' }),
      capacity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      priceClp: Clp
    }),
    { maxItems: 100 }
  )
})

export const Show = Type.Object({ showId: Key, code: Code, seats: Type.Integer(), places: Type.Integer() })

/** PUT /seating-plans/:planCode takes a file in the exchange format and says what it took and what it passed over. */
export const PlanReport = Type.Object({
  planCode: Code,
  name: Type.String(),
  sections: Type.Integer(),
  seats: Type.Integer(),
  ignored: Type.Array(Type.String(), { description: 'Properties the importer does not know, each once, with a place where it stands.' })
})

export type Hold = Static<typeof Hold>
export type OrderRequest = Static<typeof OrderRequest>
export type Order = Static<typeof Order>
export type Voided = Static<typeof Voided>
export type ShowRequest = Static<typeof ShowRequest>
export type Show = Static<typeof Show>
export type PlanReport = Static<typeof PlanReport>
