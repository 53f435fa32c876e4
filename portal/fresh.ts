import { setTimeout as sleep } from 'node:timers/promises'

export interface Seen<T> {
  value: T
  /** How old the value is: since it was read here, and how far the node that was read lay behind. */
  ageSeconds: number
}

/** A value and how far the node it was read from lay behind; infinity where that is not known. */
export interface Read<T> {
  value: T
  behindSeconds: number
}

interface Underway {
  reading: Promise<Read<unknown>>
  atMs: number
}

interface Entry {
  read: Read<unknown>
  atMs: number
}

const ENTRIES_MAX = 500
/** A reading that takes longer is not waited for by whoever can be shown something of before. */
const WAIT_MS_MAX = 300

/**
 * Keeps what was read for a moment, so that a thousand readers of a page cost
 * the database one query. Whoever asks while one is on its way shares it. When
 * reading fails or takes long, what was seen last is given out with its true
 * age: a catalogue that says it is a minute old helps more than an error.
 *
 * @param freshMs - Younger than this is not read again.
 * @param staleMsMax - Older than this is not shown at all: the failure is.
 * @param clock - Milliseconds, ever rising.
 */
export function keepFresh(freshMs: number, staleMsMax: number, clock: () => number = () => performance.now()) {
  const entries = new Map<string, Entry>()
  const underway = new Map<string, Underway>()

  return async function fresh<T>(key: string, read: () => Promise<Read<T>>): Promise<Seen<T>> {
    const known = entries.get(key)
    if (known && clock() - known.atMs < freshMs) return seen<T>(known)
    const { reading, atMs } = underway.get(key) ?? begin(key, read)
    try {
      await (known ? Promise.race([reading, sleep(WAIT_MS_MAX - (clock() - atMs), undefined, { ref: false })]) : reading)
    } catch (err) {
      const last = entries.get(key)
      if (last && clock() - last.atMs < staleMsMax) return seen<T>(last)
      throw err
    }
    const last = entries.get(key)
    if (last && clock() - last.atMs < staleMsMax) return seen<T>(last)
    return seen<T>({ read: await reading, atMs })
  }

  function begin(key: string, read: () => Promise<Read<unknown>>): Underway {
    const atMs = clock()
    const reading = read()
      .then((result) => {
        entries.delete(key)
        entries.set(key, { read: result, atMs })
        const [oldest] = entries.keys()
        if (entries.size > ENTRIES_MAX && oldest !== undefined) entries.delete(oldest)
        return result
      })
      .finally(() => underway.delete(key))
    underway.set(key, { reading, atMs })
    return { reading, atMs }
  }

  function seen<T>({ read, atMs }: Entry): Seen<T> {
    return { value: read.value as T, ageSeconds: Math.round(read.behindSeconds + (clock() - atMs) / 1_000) }
  }
}
