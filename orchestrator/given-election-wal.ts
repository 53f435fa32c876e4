/** One entry of the model's WAL, which is a string of them: one character each, so that «is a prefix of» is `startsWith`. */
export type Entry =
  | { is: 'row'; by: string; reign: number; epoch: number; node: string } // of the table `reign`: it names a reign and a node
  | { is: 'start'; by: string; reign: number } // what PostgreSQL itself writes when it is promoted
  | { is: 'sale'; by: string; reign: number; nr: number }

const FIRST = 'A'.charCodeAt(0)

const entries: Entry[] = []
const characters = new Map<string, string>()

/** Who wrote an entry in which reign, and as which, is all there is to it: the same entry on two nodes is the same character. */
export function characterOf(entry: Entry): string {
  const key = JSON.stringify(entry)
  const known = characters.get(key)
  if (known) return known
  const character = String.fromCharCode(FIRST + entries.length)
  entries.push(entry)
  characters.set(key, character)
  return character
}

export function entryOf(character: string): Entry {
  return entries[character.charCodeAt(0) - FIRST]!
}

const rows = new Map<string, Extract<Entry, { is: 'row' }> | undefined>()

/** The row of the newest reign in a WAL. */
export function newestRow(wal: string): Extract<Entry, { is: 'row' }> | undefined {
  if (!rows.has(wal)) rows.set(wal, findNewest(wal))
  return rows.get(wal)
}

function findNewest(wal: string) {
  const found = [...wal].map(entryOf).filter((entry) => entry.is === 'row')
  return found.toSorted((a, b) => b.epoch - a.epoch)[0]
}

/** What transactions of a primary committed in its reign: sales, and the first commit of all. */
export function commitsOf(wal: string, by: string, reign: number): string[] {
  return [...wal].filter((character) => {
    const entry = entryOf(character)
    return entry.is !== 'start' && entry.reign === reign && entry.by === by
  })
}

export function hasRow(wal: string, epoch: number): boolean {
  return [...wal].map(entryOf).some((entry) => entry.is === 'row' && entry.epoch === epoch)
}

export function entryWords(entry: Entry): string {
  if (entry.is === 'sale') return `sale${entry.reign}.${entry.nr}`
  return entry.is === 'start' ? `start${entry.reign}` : `row${entry.epoch}${entry.epoch === entry.reign ? '' : `@${entry.reign}`}`
}
