import { type Static, Type } from 'typebox'

/** Limits of a purchase, the same at every door it passes. */
export const SEATS_PER_ORDER_MAX = 10
export const TICKET_TYPES_MAX = 20
export const EMAIL_CHARS_MAX = 254
export const NAME_CHARS_MAX = 100

export const Uuid = Type.String({ format: 'uuid' })
export const Key = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
export const Clp = Type.Integer({ minimum: 0, maximum: 2_000_000_000, description: 'Whole Chilean pesos, gross.' })
export const Instant = Type.String({ format: 'date-time', description: 'UTC, RFC 3339.' })
/** What operators call a plan or a show: a short name in lower case, safe in a path. */
export const Code = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 })
export const Language = Type.Union([Type.Literal('es'), Type.Literal('en')])

/** A ticket type of a show, counted from 1; the first is the full price. */
export const TypeNo = Type.Integer({ minimum: 1, maximum: TICKET_TYPES_MAX })

/** A number of places in a zone that has no numbered seats. A zone may stand in a choice once per ticket type. */
export const Places = Type.Object({
  zoneNo: Key,
  quantity: Type.Integer({ minimum: 1, maximum: SEATS_PER_ORDER_MAX }),
  typeNo: Type.Optional(TypeNo)
})

/** What a buyer chose: numbered seats, places in zones, or both; at least one, at most {@link SEATS_PER_ORDER_MAX} together. */
export const Choice = Type.Object({
  showId: Key,
  seatNos: Type.Array(Key, { maxItems: SEATS_PER_ORDER_MAX, uniqueItems: true }),
  typeNos: Type.Optional(
    Type.Array(TypeNo, { maxItems: SEATS_PER_ORDER_MAX, description: 'Beside seatNos. Absent: the first for every seat.' })
  ),
  places: Type.Array(Places, { maxItems: SEATS_PER_ORDER_MAX })
})

/** What a buyer wants without choosing: the best seats that are free, together, as near to the show's focus as can be. */
export const Best = Type.Object({
  quantity: Type.Integer({ minimum: 1, maximum: SEATS_PER_ORDER_MAX }),
  category: Type.Optional(Type.String({ maxLength: 60, description: 'Only seats of this price category.' })),
  sectionNo: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Only seats of this section.' })),
  accessible: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: SEATS_PER_ORDER_MAX,
      description: 'How many of them are accessible seats; the others are their companions.'
    })
  ),
  apart: Type.Optional(Type.Boolean({ description: 'True: in as few groups as can be, when they are not to be had together.' })),
  typeNos: Type.Optional(
    Type.Array(TypeNo, { maxItems: SEATS_PER_ORDER_MAX, description: 'One per seat. Absent: the first for every seat.' })
  )
})

/** So that whoever finds it there knows which of the two shapes was checked. */
export const Absent = Type.Optional(Type.Never())

export const BestChoice = Type.Object({ showId: Key, best: Best })

/** What PUT /holds and PUT /purchases take: seats and places by number, or the best there are. */
export const Wish = Type.Union([Type.Object({ ...Choice.properties, best: Absent }), BestChoice])

export const Buyer = Type.Object({
  name: Type.String({ minLength: 1, maxLength: NAME_CHARS_MAX }),
  email: Type.String({ format: 'email', maxLength: EMAIL_CHARS_MAX }),
  rut: Type.Optional(Type.String({ pattern: '^[0-9]{1,8}-[0-9K]$', description: 'Without points, verifier in upper case.' }))
})

/** One ticket of an order, priced by the seller. `seatNo` for a numbered seat, `zoneNo` for a place in a zone. */
export const Line = Type.Object({
  lineNo: Type.Integer({ minimum: 1 }),
  seatNo: Type.Optional(Key),
  zoneNo: Type.Optional(Key),
  section: Type.String(),
  row: Type.String({ description: 'Empty in a zone.' }),
  seat: Type.String({ description: 'Empty in a zone.' }),
  ticketType: Type.String(),
  priceClp: Clp
})

export const Priced = Type.Object({
  lines: Type.Array(Line, { minItems: 1, maxItems: SEATS_PER_ORDER_MAX }),
  serviceFeeClp: Clp,
  totalClp: Clp
})

export type Language = Static<typeof Language>
export type Places = Static<typeof Places>
export type Choice = Static<typeof Choice>
export type Best = Static<typeof Best>
export type BestChoice = Static<typeof BestChoice>
export type Wish = Static<typeof Wish>
export type Buyer = Static<typeof Buyer>
export type Line = Static<typeof Line>
export type Priced = Static<typeof Priced>
