import type { Purchase } from '../contracts/purchase.ts'
import type { ShowHeader } from './show-header.ts'
import { refusalWords, type Words } from './words.ts'

/** A page that says one thing and where to go from here. */
export interface MessageView {
  id: string
  title: string
  text: string
  items: string[]
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
  if (code === 'LINK_UNKNOWN' || code === 'LINK_EXPIRED') {
    return {
      id: code,
      ...refusalWords(words, code),
      items: [],
      actions: [{ href: '/mis-entradas', text: words.actions.lost }, toCatalogue]
    }
  }
  if (code === 'PAYMENT_UNKNOWN' || code === 'RETURN_EMPTY')
    return { id: code, ...refusalWords(words, code), items: [], actions: [toCatalogue] }
  const known = code === 'DOCUMENT_PENDING' ? 'documentPending' : (PAGE_OF_STATUS[status] ?? (status >= 500 ? 'failed' : undefined))
  if (known) return { id: known, ...words.pages[known], items: [], actions: [toCatalogue] }
  if (status === 400 || status === 413 || status === 415)
    return { id: 'badInput', ...words.pages.badInput, items: [], actions: [toCatalogue] }
  return { id: code, ...refusalWords(words, code), items: [], actions: [toCatalogue] }
}

export function endedView(words: Words, { state, refusal }: Purchase, show: ShowHeader | undefined): MessageView {
  const actions = [
    ...(show ? [{ href: `/funciones/${show.code}`, text: words.actions.show }] : []),
    { href: '/', text: words.actions.catalogue }
  ]
  if (state === 'refused') return { id: refusal?.code ?? 'refused', ...refusalWords(words, refusal?.code ?? ''), items: [], actions }
  const said = state === 'released' || state === 'refunded' ? state : 'expired'
  return { id: said, ...words.ended[said], items: [], actions }
}

/** The seats or places somebody else got, and the way back with the others still marked. */
export function holdRefusedView(words: Words, code: string, taken: string[], actions: Action[]): MessageView {
  return { id: code, ...refusalWords(words, code), items: taken, actions }
}
