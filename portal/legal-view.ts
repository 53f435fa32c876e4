import { versionDay } from './checkout-view.ts'
import { LEGAL_EN } from './legal-en.ts'
import { LEGAL_ES } from './legal-es.ts'
import type { Words } from './words.ts'

export interface LegalView {
  heading: string
  version: string
  sections: Array<{ heading: string; text: string }>
}

export function legalView(words: Words, name: 'terms' | 'privacy', version: string): LegalView {
  const { heading, sections } = (words.language === 'es' ? LEGAL_ES : LEGAL_EN)[name]
  return { heading, version: words.checkout.versionOf(versionDay(words, version)).replace(/^\((.*)\)$/, '$1'), sections }
}
