import { setTimeout as sleep } from 'node:timers/promises'
import { commandLine, endWith } from '../cluster/arguments.ts'
import { readInstance } from '../cluster/instance.ts'
import { readBooks } from './books.ts'
import { differencesOf } from './ledger-checks.ts'
import { type Totals, totalsOf } from './totals.ts'

const QUIET_SECONDS_MAX = 150 // longer than any lease: what a dead process had in hand comes back that late
const LOOK_AGAIN_MS = 1_000
const SHOWN_MAX = 40

interface Ledger extends Totals {
  differences: string[]
  holds: boolean
}

/**
 * Compares everything an instance has written down, again and again until
 * nothing differs: documents follow their sale by seconds.
 *
 * @param secondsMax - After this, what still differs is a difference.
 */
export async function closeLedger(instance: number, secondsMax: number, say: (text: string) => void = () => {}): Promise<Ledger> {
  const known = await readInstance(instance)
  const deadline = performance.now() + secondsMax * 1_000
  for (;;) {
    const books = await readBooks(known)
    const differences = differencesOf(books)
    if (differences.length === 0 || performance.now() > deadline)
      return { ...totalsOf(books), differences, holds: differences.length === 0 }
    say(`${differences.length} differences; waiting for work in progress`)
    await sleep(LOOK_AGAIN_MS)
  }
}

function report({ differences, holds, ...totals }: Ledger): string {
  const rows: Array<[string, number]> = [
    ['seats sold', totals.seatsSold],
    ['orders', totals.orders],
    ['events (OrdenCreada)', totals.events],
    ['receipts (paid orders)', totals.receipts],
    ['ticket sets', totals.ticketSets],
    ['mails', totals.mails],
    ['apart: mails sent twice', totals.duplicateMails],
    ['apart: events delivered again', totals.repeatedDeliveries]
  ]
  return [
    ...rows.map(([name, count]) => `${name.padEnd(30)}${String(count).padStart(8)}`),
    ...differences.slice(0, SHOWN_MAX).map((difference) => `  - ${difference}`),
    ...(differences.length > SHOWN_MAX ? [`  - and ${differences.length - SHOWN_MAX} more`] : []),
    holds ? 'The ledger closes: no difference.' : `The ledger does not close: ${differences.length} differences.`
  ].join('\n')
}

if (import.meta.main) await main().catch(endWith)

async function main(): Promise<void> {
  const { instance, values } = commandLine({
    json: { type: 'boolean', default: false },
    wait: { type: 'string', default: String(QUIET_SECONDS_MAX) }
  } as const)
  const ledger = await closeLedger(instance, Number(values.wait), values.json ? () => {} : (text) => console.error(text))
  console.log(values.json ? JSON.stringify(ledger) : report(ledger))
  process.exitCode = ledger.holds ? 0 : 1
}
