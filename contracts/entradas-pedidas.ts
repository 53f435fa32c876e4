import { Type } from 'typebox'
import { contract, type DataOf } from './contract.ts'
import { EMAIL_CHARS_MAX, Instant, Language } from './values.ts'

/** Somebody lost their tickets and typed a mail address. Reader: billing-service, which mails links if it knows the address. */
export const EntradasPedidas = contract(
  'EntradasPedidas',
  1,
  '/orchestrator',
  Type.Object({
    email: Type.String({ format: 'email', maxLength: EMAIL_CHARS_MAX }),
    language: Language,
    askedAt: Instant
  })
)

export type EntradasPedidas = DataOf<typeof EntradasPedidas>
