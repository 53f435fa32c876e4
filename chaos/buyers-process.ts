import { setTimeout as sleep } from 'node:timers/promises'
import { readInstance } from '../cluster/instance.ts'
import { machineMs } from './clock.ts'
import { openHistory } from './history.ts'
import { ask } from './load/box-office.ts'
import { openBrowsers } from './load/browsers.ts'
import type { Job, Order, Report } from './load/load.ts'
import { wishes } from './load/wishes.ts'
import { randomFrom } from './random.ts'

/**
 * The process of buyers. No fault is ever done to it, so what it wrote down is
 * what buyers were told. It ends with whoever started it.
 */
if (import.meta.main) {
  let rest: (() => Promise<void>) | undefined
  process.on('disconnect', () => process.exit(0))
  process.on('message', (order: Order) => {
    const done = 'begin' in order ? begin(order.begin) : (rest?.() ?? Promise.resolve())
    done.then(
      () => tell('begin' in order ? { begun: true } : { rested: true }),
      (err: Error) => tell({ unfit: err.stack ?? err.message })
    )
  })

  async function begin(job: Job): Promise<void> {
    rest = await open(job)
  }
}

function tell(report: Report): void {
  process.send?.(report)
}

/** @returns How to end it: nobody comes any more, and everybody who came is told, or runs out of patience. */
async function open({ instance: number, historyPath, seed, load, halls }: Job): Promise<() => Promise<void>> {
  const instance = await readInstance(number)
  const history = openHistory(historyPath)
  const next = wishes(seed, halls)
  const chance = randomFrom(seed + 1)
  const browsers = openBrowsers(instance, history, halls.shopShow)
  const underWay = new Set<Promise<void>>()
  const resting = new AbortController()

  for (const op of ['hold', 'sale'] as const) {
    let commands = 0
    arrive(load[`${op}sPerSecond`], () => ask(instance, history, next(op), commands++))
  }
  arrive(load.purchasesPerSecond, browsers.buy)
  arrive(load.readsPerSecond, () => browsers.read(chance()))

  return async () => {
    resting.abort()
    while (underWay.size > 0) await Promise.all(underWay)
    history.close()
  }

  /** At fixed times, however long it takes: who waits does not keep others from coming. */
  async function arrive(perSecond: number, come: () => Promise<void>): Promise<void> {
    if (perSecond === 0) return
    const beganMs = machineMs()
    for (let n = 1; !resting.signal.aborted; n++) {
      const work = Promise.resolve()
        .then(come)
        .catch((err: Error) => tell({ failed: err.stack ?? err.message }))
      underWay.add(work)
      work.finally(() => underWay.delete(work))
      await sleep(Math.max(0, beganMs + (n * 1_000) / perSecond - machineMs()), undefined, { signal: resting.signal }).catch(() => {})
    }
  }
}
