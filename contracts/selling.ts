import { type Static, Type } from 'typebox'
import {
  Absent,
  Best,
  Buyer,
  Choice,
  Clp,
  Code,
  Instant,
  Key,
  Language,
  Line,
  Priced,
  SEATS_PER_ORDER_MAX,
  TICKET_TYPES_MAX,
  Uuid
} from './values.ts'

/** PUT /holds/:holdId takes a Wish and gives a Hold. The same id is the same hold, however often it arrives. */
export const Hold = Type.Object({
  holdId: Uuid,
  ...Choice.properties,
  ...Priced.properties,
  heldUntil: Instant
})

/** PUT /holds/:holdId/extension takes nothing and gives the Hold with its new `heldUntil`. A hold is extended once; a repeat gets the same answer. */

/**
 * PUT /holds/:holdId/buyer, before the buyer pays: counts the hold's tickets
 * against what one buyer may have of this show. Refused with BUYER_LIMIT.
 */
export const HoldBuyer = Type.Object({ email: Buyer.properties.email })
export const HoldBound = Type.Object({ holdId: Uuid, bound: Type.Literal(true) })

/** PUT /orders/:orderId takes an OrderRequest and gives an Order. Prices are the seller's; `totalClp` is what the buyer paid. */
export const OrderRequest = Type.Object({
  holdId: Uuid,
  buyer: Buyer,
  language: Language,
  totalClp: Clp
})

/**
 * PUT /sales/:orderId, the box office's one call: hold and order in one, priced
 * by the show. A Choice or a BestChoice, the buyer, and what they paid when that is known.
 */
const SaleRest = { buyer: Buyer, language: Language, totalClp: Type.Optional(Clp) }
export const SaleRequest = Type.Union([
  Type.Object({ ...Choice.properties, best: Absent, ...SaleRest }),
  Type.Object({ showId: Key, best: Best, ...SaleRest })
])

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

/** What the types after the first cost here; a type that does not stand here is not sold here. */
const Reduced = Type.Array(Type.Object({ ticketType: Type.String({ minLength: 1, maxLength: 40 }), priceClp: Clp }), {
  maxItems: TICKET_TYPES_MAX
})

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
  ticketTypes: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 40 }), {
      maxItems: TICKET_TYPES_MAX,
      description: 'Adulto, Niño... The first is the full price; absent: one type, named by the category.'
    })
  ),
  ticketsPerOrderMax: Type.Optional(Type.Integer({ minimum: 1, maximum: SEATS_PER_ORDER_MAX })),
  ticketsPerBuyerMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: 'A buyer is a mail address.' })),
  noOrphanSeats: Type.Optional(
    Type.Boolean({ description: 'True: a choice that strands a single seat is refused where it can be avoided.' })
  ),
  focus: Type.Optional(
    Type.Object({ x: Type.Number(), y: Type.Number() }, { description: 'In the plan’s pixels: what the best seats are near to.' })
  ),
  accessible: Type.Optional(
    Type.Array(
      Type.Object({
        seat: Type.String({ minLength: 1, maxLength: 100, description: 'seat_guid of the plan.' }),
        companions: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: SEATS_PER_ORDER_MAX - 1 })
      }),
      { maxItems: 2_000, description: 'Accessible seats, and the seats that are only sold together with them.' }
    )
  ),
  prices: Type.Array(
    Type.Object({ category: Type.String({ minLength: 1, maxLength: 60 }), priceClp: Clp, reduced: Type.Optional(Reduced) }),
    { maxItems: 100 }
  ),
  zones: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1, maxLength: 60, description: 'A zone of the plan with this name lends its shape.' }),
      capacity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      priceClp: Clp,
      reduced: Type.Optional(Reduced)
    }),
    { maxItems: 100 }
  )
})

export const Show = Type.Object({ showId: Key, code: Code, seats: Type.Integer(), places: Type.Integer() })

/** PUT /shows/:showCode/blocks/:blockCode: house seats, kept from sale until DELETE gives them back. */
export const BlockRequest = Type.Object({
  reason: Type.String({ minLength: 1, maxLength: 120 }),
  seats: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 2_000, description: 'seat_guid of the plan.' })
})
export const Block = Type.Object({ showCode: Code, blockCode: Code, reason: Type.String(), seatNos: Type.Array(Key) })
export const Unblocked = Type.Object({ showCode: Code, blockCode: Code, released: Type.Integer() })

/**
 * GET /shows/:showId/availability: the whole map, as the primary has it.
 * Bit `seatNo - 1` of `taken` (bytes in base64, lowest bit first) is set when the seat cannot be had.
 */
export const Availability = Type.Object({
  showId: Key,
  asOf: Instant,
  taken: Type.String(),
  zones: Type.Array(Type.Object({ zoneNo: Key, free: Type.Integer() }))
})

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
export type HoldBuyer = Static<typeof HoldBuyer>
export type HoldBound = Static<typeof HoldBound>
export type SaleRequest = Static<typeof SaleRequest>
export type BlockRequest = Static<typeof BlockRequest>
export type Block = Static<typeof Block>
export type Unblocked = Static<typeof Unblocked>
export type Availability = Static<typeof Availability>
export type Order = Static<typeof Order>
export type Voided = Static<typeof Voided>
export type ShowRequest = Static<typeof ShowRequest>
export type Show = Static<typeof Show>
export type PlanReport = Static<typeof PlanReport>
