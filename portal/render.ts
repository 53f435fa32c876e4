import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueView } from './catalogue-view.ts'
import type { CheckoutView } from './checkout-view.ts'
import type { BankView, ConfirmingView } from './confirming-view.ts'
import { languageOf } from './language.ts'
import type { LegalView } from './legal-view.ts'
import type { LostView } from './lost-view.ts'
import type { MessageView } from './message-view.ts'
import type { OrderView } from './order-view.ts'
import type { SectionView } from './section-view.ts'
import type { ShowView } from './show-view.ts'
import type { TypesView } from './types-view.ts'
import { WORDS, type Words } from './words.ts'

/** Every page there is, and what its template may show. */
export interface Pages {
  catalogue: CatalogueView
  show: ShowView
  section: SectionView
  types: TypesView
  checkout: CheckoutView
  bank: BankView
  confirming: ConfirmingView
  order: OrderView
  message: MessageView
  lost: LostView
  legal: LegalView
}

export interface PageOptions {
  title: string
  /** For search engines and previews. */
  description?: string
  /** Where the page can be asked for again, in another language too; the address itself when it was asked for. */
  path?: string
  /** Files of `public` that make the page more comfortable; it works without them. */
  scripts?: string[]
  /** Without JavaScript the page asks for itself again after so many seconds. */
  refreshSeconds?: number
}

export const LANGUAGE_COOKIE = 'idioma'

export function wordsOf(request: FastifyRequest): Words {
  const { lang } = (request.query ?? {}) as { lang?: unknown }
  return WORDS[languageOf(lang, request.cookies?.[LANGUAGE_COOKIE], request.headers['accept-language'])]
}

/** Answers with a page in the reader's language. */
export function render<Name extends keyof Pages>(
  request: FastifyRequest,
  reply: FastifyReply,
  name: Name,
  page: Pages[Name],
  { title, description = '', path, scripts = [], refreshSeconds = 0 }: PageOptions
): Promise<string> {
  const words = wordsOf(request)
  const here = path ?? (request.method === 'GET' ? request.url : '/')
  const frame = { name, title, description, scripts, refreshSeconds, hrefs: { es: inLanguage(here, 'es'), en: inLanguage(here, 'en') } }
  return reply.viewAsync(name, { words, page, frame })
}

/** The same address with `lang` added or changed; always one of this site. */
function inLanguage(path: string, language: string): string {
  const url = new URL(path.replace(/^\/+/, '/'), 'http://here')
  url.searchParams.set('lang', language)
  return url.pathname + url.search
}
