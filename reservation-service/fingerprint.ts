import { hash } from 'node:crypto'

/** What a body is recognised by: the same content gives the same sha256, whatever the order of its properties. */
export function fingerprintOf(value: unknown): string {
  return fingerprintOfSorted(sortedThrough(value))
}

/** The same for what is built with its properties in alphabetical order already. */
export function fingerprintOfSorted(value: unknown): string {
  return hash('sha256', JSON.stringify(value))
}

function sortedThrough(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sorted(inner) : inner)))
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
