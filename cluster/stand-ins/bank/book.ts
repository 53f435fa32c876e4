import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Transaction } from './transaction.ts'

/** The oldest are forgotten beyond this. */
const TRANSACTIONS_MAX = 100_000
/** The file is written anew when it has grown to this many lines. */
const LINES_MAX = 4 * TRANSACTIONS_MAX

export interface Book {
  find: (token: string) => Transaction | undefined
  /** Newest first. */
  all: () => Transaction[]
  /** Keeps the transaction as it is now. Written before it returns: whoever is answered can rely on it. */
  keep: (transaction: Transaction) => void
  close: () => void
}

/** Every state of every transaction, a line each; the last line of a token counts. A line that was cut off by a crash was never answered. */
export function openBook(directory: string): Book {
  mkdirSync(directory, { recursive: true })
  chmodSync(directory, 0o700)
  const path = join(directory, 'transactions.jsonl')
  const known = read(path)
  rewrite(path, known)
  let file = openSync(path, 'a')
  let lines = known.size

  return {
    find: (token) => known.get(token),
    all: () => [...known.values()].reverse(),
    keep(transaction) {
      writeSync(file, `${JSON.stringify(transaction)}\n`)
      known.set(transaction.token, transaction)
      const [oldest] = known.keys()
      if (known.size > TRANSACTIONS_MAX && oldest) known.delete(oldest)
      if (++lines > LINES_MAX) startAnew()
    },
    close: () => closeSync(file)
  }

  function startAnew(): void {
    closeSync(file)
    rewrite(path, known)
    file = openSync(path, 'a')
    lines = known.size
  }
}

function read(path: string): Map<string, Transaction> {
  const known = new Map<string, Transaction>()
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  for (const [i, line] of lines.entries()) {
    if (line === '') continue
    try {
      const transaction = JSON.parse(line) as Transaction
      known.set(transaction.token, transaction)
    } catch (err) {
      if (i < lines.length - 1) throw new Error(`${path}: line ${i + 1} is broken`, { cause: err })
    }
  }
  return new Map([...known].slice(-TRANSACTIONS_MAX))
}

function rewrite(path: string, known: Map<string, Transaction>): void {
  writeFileSync(`${path}.new`, [...known.values()].map((transaction) => `${JSON.stringify(transaction)}\n`).join(''))
  renameSync(`${path}.new`, path)
}
