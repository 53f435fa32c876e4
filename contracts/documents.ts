import { type Static, Type } from 'typebox'
import { Clp, Instant, Uuid } from './values.ts'

/**
 * GET /orders/:orderId/documents. `pending` until every document of the order
 * can be downloaded. The files: /orders/:orderId/receipt.pdf,
 * /orders/:orderId/tickets/:lineNo.pdf and /orders/:orderId/tickets.pdf (all).
 */
export const Documents = Type.Object({
  orderId: Uuid,
  state: Type.Union([Type.Literal('pending'), Type.Literal('ready')]),
  receipt: Type.Optional(Type.Object({ folio: Type.Integer(), totalClp: Clp, issuedAt: Instant })),
  tickets: Type.Array(
    Type.Object({ lineNo: Type.Integer(), ticketId: Uuid, section: Type.String(), row: Type.String(), seat: Type.String() })
  ),
  /** Which node was read. What comes from the replica may be behind. */
  source: Type.Union([Type.Literal('primary'), Type.Literal('replica')])
})

/** GET /ticket-keys: the public keys a gate verifies tickets with, offline. */
export const TicketKeys = Type.Object({
  keys: Type.Array(
    Type.Object({
      kid: Type.String(),
      kty: Type.Literal('OKP'),
      crv: Type.Literal('Ed25519'),
      x: Type.String({ description: 'base64url, RFC 8037' })
    })
  )
})

export type Documents = Static<typeof Documents>
export type TicketKeys = Static<typeof TicketKeys>
