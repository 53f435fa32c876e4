import { refuse } from './refusals.ts'

/** What the values of a seating-plan file may be. Every limit of theirs is here; limits on counts are with what they count. */
const NAME_CHARS_MAX = 80
const PIXELS_MAX = 1_000_000
const COLOR = /^(#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]{1,30}|(rgb|hsl)a?\([0-9.,%/ deg]{1,60}\))$/i

type Reason =
  | ('missing' | 'not-an-object' | 'not-a-list' | 'not-a-text' | 'not-a-number' | 'not-a-color')
  | ('empty' | 'too-long' | 'too-many' | 'out-of-range' | 'markup' | 'control-character' | 'twice' | 'unknown-category')

/** @param at - The place in the file, as one would write it in JavaScript: `zones[0].rows[3].seats[2].seat_guid`. */
export function invalid(at: string, reason: Reason, more: Record<string, unknown> = {}) {
  return refuse('PLAN_INVALID', { at, reason, ...more })
}

/** One object of the file, with its place and the properties that were asked for, so that the others can be named. */
export interface Node {
  at: string
  read: (key: string) => unknown
  place: (key: string) => string
}

/** Collects what nobody asked for. Each kind of place once: a plan of 48,000 seats has a property 48,000 times. */
export interface Leftovers {
  node: (value: unknown, at: string, known: readonly string[]) => Node
  note: (place: string) => void
  list: () => string[]
}

const LEFTOVERS_MAX = 100
const SHOWN_CHARS_MAX = 200

export function leftovers(): Leftovers {
  const seen = new Map<string, string>()
  return { node, note, list: () => [...seen.values()] }

  function node(value: unknown, at: string, known: readonly string[]): Node {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(at, 'not-an-object')
    const place = (key: string) => (at === '' ? key : `${at}.${key}`)
    for (const key of Object.keys(value)) if (!known.includes(key)) note(place(key))
    return { at, place, read: (key) => (Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined) }
  }

  function note(place: string): void {
    if (seen.size >= LEFTOVERS_MAX) return
    const kind = place.replaceAll(/\[\d+\]/g, '[]')
    if (!seen.has(kind)) seen.set(kind, place.slice(0, SHOWN_CHARS_MAX))
  }
}

export function listIn(node: Node, key: string, max: number): unknown[] {
  const value = required(node, key)
  if (!Array.isArray(value)) throw invalid(node.place(key), 'not-a-list')
  if (value.length > max) throw invalid(node.place(key), 'too-many', { max })
  return value
}

export function nameIn(node: Node, key: string, charsMax = NAME_CHARS_MAX): string {
  return nameOf(required(node, key), node.place(key), charsMax)
}

export function optionalNameIn(node: Node, key: string, charsMax = NAME_CHARS_MAX): string | undefined {
  const value = node.read(key)
  return value === undefined || value === null || value === '' ? undefined : nameOf(value, node.place(key), charsMax)
}

/** Text that people will read, on pages and on paper: it has no markup and nothing invisible in it. */
function nameOf(value: unknown, at: string, max: number): string {
  if (typeof value !== 'string') throw invalid(at, 'not-a-text')
  const name = value.trim()
  if (name === '') throw invalid(at, 'empty')
  if (name.length > max) throw invalid(at, 'too-long', { max })
  if (/[<>]/.test(name)) throw invalid(at, 'markup')
  if (/\p{Cc}|\p{Cs}/u.test(name)) throw invalid(at, 'control-character')
  return name
}

export function numberIn(node: Node, key: string): number {
  return numberOf(required(node, key), node.place(key))
}

export function numberOf(value: unknown, at: string): number {
  if (typeof value !== 'number') throw invalid(at, 'not-a-number')
  if (!(Math.abs(value) <= PIXELS_MAX)) throw invalid(at, 'out-of-range', { max: PIXELS_MAX })
  return value
}

export function sizeIn(node: Node, key: string): number {
  const size = numberIn(node, key)
  if (size <= 0) throw invalid(node.place(key), 'out-of-range', { min: 0 })
  return size
}

export function colorIn(node: Node, key: string): string | undefined {
  const value = node.read(key)
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || !COLOR.test(value)) throw invalid(node.place(key), 'not-a-color')
  return value
}

export interface Point {
  x: number
  y: number
}

export function pointIn(parent: Node, key: string, left: Leftovers): Point {
  return pointOf(required(parent, key), parent.place(key), left)
}

export function pointOf(value: unknown, at: string, left: Leftovers): Point {
  const node = left.node(value, at, ['x', 'y'])
  return { x: numberIn(node, 'x'), y: numberIn(node, 'y') }
}

export function has(node: Node, key: string): boolean {
  const value = node.read(key)
  return value !== undefined && value !== null
}

function required(node: Node, key: string): unknown {
  const value = node.read(key)
  if (value === undefined || value === null) throw invalid(node.place(key), 'missing')
  return value
}
