import type { Op, Outcome } from '../history.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const PERCENT = 100
const GIB = 2 ** 30
/** Keeps a number and its unit on one line. */
export const GLUE = '\u00a0'

/** What a buyer was told, in the words of every picture and table. */
export const TOLD: Record<Outcome, string> = { ok: 'yes', refused: 'no', unknown: 'an error, or nothing' }

/** What people did, many of them. */
export const DONE: Record<Op, string> = {
  hold: 'Holds at the box office',
  sale: 'Sales at the box office',
  purchase: 'Whole purchases by browsers',
  read: 'Looks at tickets and documents',
  page: 'Pages of the catalogue',
  map: 'Maps of free seats'
}

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

export function count(value: number): string {
  return WHOLE.format(value)
}

/** A length of time with three digits that matter. */
export function took(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < SECOND_MS) return `${Math.round(ms)}${GLUE}ms`
  const digits = ms < 10 * SECOND_MS ? 2 : ms < MINUTE_MS ? 1 : 0
  if (ms < 2 * MINUTE_MS) return `${(ms / SECOND_MS).toFixed(digits)}${GLUE}s`
  const seconds = Math.round(ms / SECOND_MS)
  return `${Math.floor(seconds / 60)}${GLUE}min ${seconds % 60}${GLUE}s`
}

/** A place on an axis of time: as short as it can be. */
export function tick(ms: number): string {
  const sign = ms < 0 ? '−' : ''
  const size = Math.abs(ms)
  if (size === 0) return '0'
  if (size < SECOND_MS) return `${sign}${size}${GLUE}ms`
  if (size < 2 * MINUTE_MS) return `${sign}${size / SECOND_MS}${GLUE}s`
  return `${sign}${Math.round((size / MINUTE_MS) * 10) / 10}${GLUE}min`
}

export function percent(share: number): string {
  const value = share * PERCENT
  return `${value < 10 && value % 1 !== 0 ? value.toFixed(1) : Math.round(value)}${GLUE}%`
}

export function gibibytes(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)}${GLUE}GiB`
}

/** «1 run», «3 runs». */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}
