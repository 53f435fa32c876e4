import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs'

const CHUNK_BYTES = 1_048_576
const NEWLINE = 10

/** `refused`: a rule said no. `unknown`: no answer, or one that leaves it open; it may have happened, and is never «failed». */
export type Outcome = 'ok' | 'refused' | 'unknown'

/**
 * `sale` and `hold` are commands at the box office; `purchase` is a browser's whole way to «Compra exitosa», `read` its look
 * at what it bought. `page` is anybody's look at the catalogue, `map` a look at a show's free seats by somebody who has some of them.
 */
export type Op = Command | 'read' | 'page' | 'map'
/** What is asked for, as against what is only looked at. */
export type Command = 'sale' | 'hold' | 'purchase'

/** One thing that a buyer did or was told. An `invoke` is written before anything is sent. */
export interface Entry {
  type: 'invoke' | Outcome
  op: Op
  /** Chosen by the buyer, the same at every try: the id of the order or the hold. */
  key: string
  try: number
  /** By the machine's clock, which orders all entries. */
  atMs: number
  wall: string
  showId?: number
  seatNos?: number[]
  status?: number
  code?: string
  orderId?: string
  totalClp?: number
  heldUntilMs?: number
  /** Of the whole answer: the same command is always told the same. */
  digest?: string
  why?: string
  /** Asked once more by somebody who had been told. */
  again?: true
  /** A look at a purchase that opened a ticket. */
  ticket?: true
  /** A page that says it was read from the replica. */
  replica?: true
  /** Seats that a map says are free, among those that whoever looks was told to have. */
  free?: number[]
}

export function isCommand(op: Op): op is Command {
  return op === 'sale' || op === 'hold' || op === 'purchase'
}

export interface History {
  write: (entry: Entry) => void
  close: () => void
}

export function openHistory(path: string): History {
  const fd = openSync(path, 'a')
  return {
    write: (entry) => void writeSync(fd, `${JSON.stringify(entry)}\n`),
    close: () => closeSync(fd)
  }
}

/**
 * Looks at a history that is being written, as often as one likes: what was
 * read once is not read again.
 *
 * @returns Gives everything that was written so far, in order; a line that is being written is not yet there.
 */
export function followHistory(path: string): () => readonly Entry[] {
  const entries: Entry[] = []
  const chunk = Buffer.alloc(CHUNK_BYTES)
  let begun = Buffer.alloc(0)
  let position = 0

  return () => {
    if (!existsSync(path)) return entries
    const fd = openSync(path, 'r')
    try {
      for (let read = readSync(fd, chunk, 0, CHUNK_BYTES, position); read > 0; read = readSync(fd, chunk, 0, CHUNK_BYTES, position)) {
        position += read
        take(Buffer.concat([begun, chunk.subarray(0, read)]))
      }
    } finally {
      closeSync(fd)
    }
    return entries
  }

  function take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(NEWLINE) + 1
    begun = Buffer.from(bytes.subarray(end))
    for (const line of bytes.toString('utf8', 0, end).split('\n')) if (line !== '') entries.push(JSON.parse(line) as Entry)
  }
}

/** One command from its first try to its last answer. */
export interface Story {
  op: Op
  key: string
  showId: number | undefined
  seatNos: number[]
  /** When it was sent for the first time. */
  invokedMs: number
  /** What the buyer was told first; nothing while it is under way. */
  first: Entry | undefined
  /** Every yes and no, in order. */
  told: Entry[]
  /** What it came to: the last yes or no, or that there was none. */
  last: Entry | undefined
  oks: Entry[]
}

export function storiesIn(entries: readonly Entry[]): Story[] {
  return [...Map.groupBy(entries, ({ key, op }) => `${op} ${key}`).values()].map((said) => {
    const answers = said.filter(({ type }) => type !== 'invoke')
    const told = answers.filter(({ type }) => type !== 'unknown')
    const [begun] = said
    return {
      op: begun!.op,
      key: begun!.key,
      showId: begun!.showId,
      seatNos: begun!.seatNos ?? [],
      invokedMs: begun!.atMs,
      first: answers[0],
      told,
      last: told.at(-1) ?? answers.at(-1),
      oks: answers.filter(({ type }) => type === 'ok')
    }
  })
}
