import type { Language } from '../contracts/values.ts'
import { EN } from './words-en.ts'
import { ES } from './words-es.ts'
import type { Told } from './words-es-refusals.ts'

/** Spanish is written first; what it says, every other language must say too. */
export type Words = typeof ES

export const WORDS: Record<Language, Words> = { es: ES, en: EN }

/**
 * What a refusal means to a buyer. A code that nobody has worded yet is said in general.
 *
 * @param params - As they came with the refusal; only numbers are said.
 */
export function refusalWords(words: Words, code: string, params: Readonly<Record<string, unknown>> = {}): { title: string; text: string } {
  const known: Record<string, { title: string; text: string | ((told: Told) => string) }> = words.refusals
  const { title, text } = Object.hasOwn(known, code) ? known[code]! : words.refusals.OTHER
  return { title, text: typeof text === 'string' ? text : text(numbersIn(params)) }
}

function numbersIn(params: Readonly<Record<string, unknown>>): Told {
  return Object.fromEntries(Object.entries(params).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])))
}
