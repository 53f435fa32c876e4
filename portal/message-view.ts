import type { Purchase } from '../contracts/purchase.ts'
import type { Offer } from './offers.ts'
import type { ShowHeader } from './show-header.ts'
import { refusalWords, type Words } from './words.ts'

/** A page that says one thing and where to go from here. */
export interface MessageView {
  id: string
  title: string
  text: string
  items: string[]
  /** Above the offers; empty where they speak for themselves. */
  offersHeading: string
  /** What may be had instead with one click; goes before the actions. */
  offers: Offer[]
  actions: Action[]
}

export interface Action {
  href: string
  text: string
}

type PageName = keyof Words['pages']

const PAGE_OF_STATUS: Record<number, PageName> = { 403: 'foreign', 404: 'notFound', 429: 'busy', 503: 'away' }

/** For an error of ours or a refusal that no page has words of its own for. */
export function problemView(words: Words, status: number, code: string): MessageView {
  const toCatalogue = { href: '/', text: words.actions.catalogue }
  if (code === 'LINK_UNKNOWN' || code === 'LINK_EXPIRED')
    return message(code, refusalWords(words, code), [{ href: '/mis-entradas', text: words.actions.lost }, toCatalogue])
  if (code === 'PAYMENT_UNKNOWN' || code === 'RETURN_EMPTY') return message(code, refusalWords(words, code), [toCatalogue])
  const known = code === 'DOCUMENT_PENDING' ? 'documentPending' : (PAGE_OF_STATUS[status] ?? (status >= 500 ? 'failed' : undefined))
  if (known) return message(known, words.pages[known], [toCatalogue])
  if (status === 400 || status === 413 || status === 415) return message('badInput', words.pages.badInput, [toCatalogue])
  return message(code, refusalWords(words, code), [toCatalogue])
}

export function endedView(words: Words, { state, refusal }: Purchase, show: ShowHeader | undefined): MessageView {
  const actions = [
    ...(show ? [{ href: `/funciones/${show.code}`, text: words.actions.show }] : []),
    { href: '/', text: words.actions.catalogue }
  ]
  if (state === 'refused') return message(refusal?.code ?? 'refused', refusalWords(words, refusal?.code ?? '', refusal?.params), actions)
  const said = state === 'released' || state === 'refunded' ? state : 'expired'
  return message(said, words.ended[said], actions)
}

function message(id: string, { title, text }: { title: string; text: string }, actions: Action[]): MessageView {
  return { id, title, text, items: [], offersHeading: '', offers: [], actions }
}
