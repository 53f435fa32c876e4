import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/**
 * The places where a crash tells most: between two things that no transaction
 * holds together, in the order in which a purchase comes past them.
 */
export const CRASH_POINTS = [
  'purchase-wished', // stored, the seller not asked
  'seller-decided', // a batch, its commit not sent
  'seller-committed', // a batch, nobody told
  'purchase-hold-given', // by the seller, not stored
  'purchase-hold-stored', // nobody told
  'portal-hold-known', // the browser is not told
  'purchase-extended', // by the seller, not noted
  'purchase-released', // noted, the seller not told
  'purchase-bound', // to its buyer, by the seller; nothing stored
  'purchase-payment-begun', // at the bank, not stored
  'purchase-payment-stored', // the buyer is not sent there
  'portal-payment-known', // the browser is not sent there
  'purchase-committing', // noted, not sent to the bank
  'purchase-captured', // by the bank, not stored
  'purchase-paid', // stored, no order asked for
  'seller-order-made', // the relay not woken, nobody told
  'purchase-order-made', // by the seller, not stored
  'purchase-order-stored', // nobody told
  'portal-return-known', // the browser is not told
  'purchase-order-refused', // stored, the refund not begun
  'seller-voided', // nobody told
  'purchase-voided', // by the seller, no money sent back
  'purchase-refund-noted', // not sent
  'purchase-refund-sent', // done by the bank, not stored
  'purchase-refund-stored', // of its payment, the purchase not ended
  'relay-claimed', // nothing is published yet
  'relay-published', // taken by the broker, not marked
  'relay-marked',
  'issue-before-commit',
  'issue-committed', // not acknowledged
  'render-claimed', // nothing is made
  'render-made', // not stored
  'render-stored',
  'deliver-claimed', // nothing is sent
  'deliver-accepted', // by the mail server, not written down
  'deliver-written',
  'purchase-documents-seen', // not stored
  'failover-preparing', // orders to prepare are about to go out
  'failover-prepared', // two nodes have answered, and nobody was told to reign
  'failover-promoting', // the order is on its way
  'failover-promoted', // carried out, and the first commit is not made
  'failover-gating' // the first commit is on its way
] as const

export type CrashPoint = (typeof CRASH_POINTS)[number]

const FILE = process.env.CRASH_POINTS_FILE // outside the settings of any process: nothing that sells knows of it

/**
 * The process dies here, as if it lost its power, when the file that the
 * environment names lists this place: one name per line. The line is taken away
 * first, so that each line is one death, of whichever process gets here first.
 * Without such a file it does nothing.
 */
export function crashPoint(name: CrashPoint): void {
  if (FILE !== undefined && takeLine(FILE, name)) process.kill(process.pid, 'SIGKILL')
}

/** @returns Whether the line was there, and this process is the one that took it. */
function takeLine(file: string, name: string): boolean {
  const mine = `${file}.${process.pid}`
  if (!linesOf(file).includes(name) || !moved(file, mine)) return false
  const lines = linesOf(mine) // read again: this time nobody else has it
  const at = lines.indexOf(name)
  if (at !== -1) writeFileSync(mine, lines.toSpliced(at, 1).join('\n'))
  return moved(mine, file) && at !== -1
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return [] // another process is taking its line
  }
}

/** Of two that move one file, one fails. */
function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch {
    return false
  }
}
