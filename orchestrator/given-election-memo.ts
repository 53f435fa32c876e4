const ENTRIES_MAX = 50_000

let serial = 0
const serials = new WeakMap<object, number>()

/** The same number for the same object, as long as it lives. */
export function serialOf(thing: object): number {
  const known = serials.get(thing)
  if (known !== undefined) return known
  serials.set(thing, ++serial)
  return serial
}

/** Remembers what a pure function said. What was said long ago is forgotten: worlds that are alike come close together. */
export function openMemo<T>(): (key: string, compute: () => T) => T {
  let known = new Map<string, T>()
  return (key, compute) => {
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= ENTRIES_MAX) known = new Map()
    const value = compute()
    known.set(key, value)
    return value
  }
}

const changes = openMemo<object>()

/** What becomes of a thing, computed once: the same change of the same thing is the same object. */
export function changed<T extends object>(thing: T, what: string, change: () => T): T {
  return changes(`${serialOf(thing)} ${what}`, change) as T
}
