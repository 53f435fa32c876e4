import type { Language } from '../contracts/values.ts'

/**
 * The language of a page: what the address asks for, else what the reader chose
 * before, else the first of the browser's languages that we speak, else Spanish.
 */
export function languageOf(asked: unknown, remembered: unknown, acceptLanguage: string | undefined): Language {
  return known(asked) ?? known(remembered) ?? firstSpoken(acceptLanguage ?? '') ?? 'es'
}

function known(value: unknown): Language | undefined {
  return value === 'es' || value === 'en' ? value : undefined
}

/** In the browser's order of preference: `q` from 1 down to 0, and 0 means never. */
function firstSpoken(header: string): Language | undefined {
  return header
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';')
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find((q) => q !== undefined)
      return { language: known(tag.toLowerCase().split('-')[0]), quality: Number(quality ?? 1) }
    })
    .filter(({ language, quality }) => language !== undefined && quality > 0)
    .sort((a, b) => b.quality - a.quality)[0]?.language
}
