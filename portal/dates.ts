import type { Words } from './words.ts'

/** When something happens, in the time of the place where it happens. */
export function dayOf(words: Words, instant: Date, timeZone: string): string {
  const parts = partsOf(words.locale, instant, timeZone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  return words.dayOf(parts('weekday'), parts('day'), parts('month'), parts('year'))
}

export function timeOf(words: Words, instant: Date, timeZone: string): string {
  return words.timeOf(new Intl.DateTimeFormat('es-CL', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(instant))
}

export function momentOf(words: Words, instant: Date, timeZone: string): string {
  return `${dayOf(words, instant, timeZone)}, ${timeOf(words, instant, timeZone)}`
}

/** For a badge, where there is little room. */
export function shortDayOf(words: Words, instant: Date, timeZone: string): string {
  const parts = partsOf(words.locale, instant, timeZone, { day: 'numeric', month: 'long' })
  return words.shortDayOf(parts('day'), parts('month'))
}

/** The date as a small block: 12 · dic · sáb. */
export function dateBlockOf(words: Words, instant: Date, timeZone: string): { day: string; month: string; weekday: string } {
  const parts = partsOf(words.locale, instant, timeZone, { weekday: 'short', day: 'numeric', month: 'short' })
  return { day: parts('day'), month: parts('month').replace('.', ''), weekday: parts('weekday').replace('.', '') }
}

/** Minutes and seconds, as a clock shows them. */
export function countdownOf(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds))
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
}

function partsOf(locale: string, instant: Date, timeZone: string, options: Intl.DateTimeFormatOptions): (type: string) => string {
  const parts = formatter(locale, timeZone, options).formatToParts(instant)
  return (type) => parts.find((part) => part.type === type)?.value ?? ''
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Making one costs more than the rest of a page; there are as many as languages, time zones and kinds of date. */
function formatter(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${Object.keys(options).join()} ${Object.values(options).join()}`
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone })
  formatters.set(key, made)
  return made
}
