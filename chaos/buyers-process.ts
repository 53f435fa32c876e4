import { setTimeout as sleep } from 'node:timers/promises'
import { readInstance } from '../cluster/instance.ts'
import { machineMs } from './clock.ts'
import { openHistory } from './history.ts'
import { ask } from './load/box-office.ts'
import { openBrowsers } from './load/browsers.ts'
import type { Job, Load, Order, Report } from './load/load.ts'
import { openPages } from './load/pages.ts'
import { wishes } from './load/wishes.ts'
import { randomFrom } from './random.ts'

/**
 * The process of buyers. No fault is ever done to it, so what it wrote down is
 * what buyers were told. It ends with whoever started it.
 */
if (import.meta.main) {
  let buyers: Promise<Buyers> | undefined
  process.on('disconnect', () => process.exit(0))
  process.on('message', (order: Order) => follow(order).then(tell, (err: Error) => tell({ unfit: err.stack ?? err.message })))

  async function follow(order: Order): Promise<Report> {
    if ('begin' in order) buyers = open(order.begin)
    const people = await buyers!
    if ('come' in order) people.come(order.come)
    if ('rest' in order) await people.rest()
    return 'begin' in order ? { begun: true } : 'come' in order ? { coming: true } : { rested: true }
  }
}

function tell(report: Report): void {
  process.send?.(report)
}

interface Buyers {
  come: (load: Load) => void
  /** Nobody comes any more, and everybody who came is told, or runs out of patience. */
  rest: () => Promise<void>
}

async function open({ instance: number, historyPath, seed, halls }: Job): Promise<Buyers> {
  const instance = await readInstance(number)
  const history = openHistory(historyPath)
  const next = wishes(seed, halls)
  const chance = randomFrom(seed + 1)
  const browsers = openBrowsers(instance, history, halls.shopShow)
  const look = openPages(instance, history, halls)
  const underWay = new Set<Promise<void>>()
  let resting = new AbortController()
  let commands = 0

  return {
    come(load) {
      resting = new AbortController()
      const box = (op: 'hold' | 'sale') => ask(instance, history, next(op), commands++)
      arrive(load.holdsPerSecond, () => box('hold'), resting.signal)
      arrive(load.salesPerSecond, () => box('sale'), resting.signal)
      arrive(load.purchasesPerSecond, browsers.buy, resting.signal)
      arrive(load.readsPerSecond, () => browsers.read(chance()), resting.signal)
      arrive(load.pagesPerSecond, look, resting.signal)
    },
    async rest() {
      resting.abort()
      while (underWay.size > 0) await Promise.all(underWay)
    }
  }

  /** At fixed times, however long it takes: who waits does not keep others from coming. */
  async function arrive(perSecond: number, come: () => Promise<void>, signal: AbortSignal): Promise<void> {
    if (perSecond === 0) return
    const beganMs = machineMs()
    for (let n = 1; !signal.aborted; n++) {
      const work = Promise.resolve()
        .then(come)
        .catch((err: Error) => tell({ failed: err.stack ?? err.message }))
      underWay.add(work)
      work.finally(() => underWay.delete(work))
      await sleep(Math.max(0, beganMs + (n * 1_000) / perSecond - machineMs()), undefined, { signal }).catch(() => {})
    }
  }
}
