import { Type } from 'typebox'
import { contract, type DataOf } from './contract.ts'
import { Buyer, Clp, Code, Instant, Key, Language, Line, Uuid } from './values.ts'

/** What a ticket prints about its show, as it was when the order was made. */
export const ShowFacts = Type.Object({
  showId: Key,
  code: Code,
  title: Type.String(),
  venue: Type.String(),
  address: Type.String(),
  city: Type.String(),
  startsAt: Instant,
  doorsAt: Type.Optional(Instant),
  timeZone: Type.String({ description: 'IANA name; what people read is in the time of the venue.' })
})

/** An order was made: it is paid and its seats are sold. Readers: billing-service, orchestrator. */
export const OrdenCreada = contract(
  'OrdenCreada',
  1,
  '/reservation-service',
  Type.Object({
    orderId: Uuid,
    code: Type.String({ description: 'The short code people read and type.' }),
    sequence: Type.Literal(1, { description: 'Place among the events of this order; every later one counts up.' }),
    show: ShowFacts,
    lines: Type.Array(Line, { minItems: 1 }),
    serviceFeeClp: Clp,
    totalClp: Clp,
    buyer: Buyer,
    language: Language,
    madeAt: Instant
  })
)

export type OrdenCreada = DataOf<typeof OrdenCreada>
