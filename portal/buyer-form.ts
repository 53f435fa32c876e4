import { type Buyer, EMAIL_CHARS_MAX, NAME_CHARS_MAX } from '../contracts/values.ts'
import { rutOf } from './rut.ts'

/** What a person typed at checkout, as it came. */
export interface TypedBuyer {
  name: string
  email: string
  rut: string
  consent: boolean
}

export type BuyerField = keyof TypedBuyer

/**
 * A buyer, or the fields to look at again, in the order of the form.
 */
export function buyerOf(typed: TypedBuyer): { buyer: Buyer } | { wrong: BuyerField[] } {
  const name = typed.name.trim().replaceAll(/\s+/g, ' ')
  const email = typed.email.trim()
  const rut = typed.rut.trim() === '' ? undefined : rutOf(typed.rut)
  const checks: Array<[BuyerField, boolean]> = [
    ['name', name !== '' && name.length <= NAME_CHARS_MAX && !/\p{Cc}/u.test(name)],
    ['email', isEmail(email)],
    ['rut', typed.rut.trim() === '' || rut !== undefined],
    ['consent', typed.consent]
  ]
  const wrong = checks.filter(([, right]) => !right).map(([field]) => field)
  return wrong.length > 0 ? { wrong } : { buyer: { name, email, ...(rut ? { rut } : {}) } }
}

/** One address with a domain that has a dot; what really exists only a mail can tell. */
export function isEmail(text: string): boolean {
  return (
    text.length <= EMAIL_CHARS_MAX &&
    /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i.test(text) &&
    !/^\.|\.\.|\.@/.test(text)
  )
}
