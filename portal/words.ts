import type { Language } from '../contracts/values.ts'
import { EN } from './words-en.ts'
import { ES } from './words-es.ts'

/** Spanish is written first; what it says, every other language must say too. */
export type Words = typeof ES

export const WORDS: Record<Language, Words> = { es: ES, en: EN }

/** What a refusal means to a buyer. A code that nobody has worded yet is said in general. */
export function refusalWords(words: Words, code: string): { title: string; text: string } {
  const known: Record<string, { title: string; text: string }> = words.refusals
  return Object.hasOwn(known, code) ? known[code]! : words.refusals.OTHER
}
