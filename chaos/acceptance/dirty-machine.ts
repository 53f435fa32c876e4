import { rm } from 'node:fs/promises'
import type { Test } from 'tap'
import { openBrowser } from '../../cluster/browser.ts'
import { buyTickets } from '../../cluster/buy.ts'
import { documentsOf } from '../../cluster/buyer.ts'
import { exchangePlan } from '../../cluster/demo/plan.ts'
import { demoShows } from '../../cluster/demo/shows.ts'
import { theatre } from '../../cluster/demo/theatre.ts'
import { askSupervisor } from '../../cluster/driver/door.ts'
import { processesOf } from '../../cluster/driver/sweep.ts'
import { doorPath, INSTANCE_MAX, type Instance, instanceDirectory, readInstance } from '../../cluster/instance.ts'
import { operatorDoors } from '../../cluster/operator.ts'
import { closeLedger } from '../ledger.ts'
import { command, someone } from './shop.ts'

/** An instance that nobody else would choose: the supervisor of the other tests' one is the test run itself. */
const INSTANCE = INSTANCE_MAX
const FLAG = ['--instance', String(INSTANCE)]
const SHOW = 'cuentos-del-viento-sur'
const ORDERS = 3
const DOCUMENTS_MS_MAX = 150_000 // what a dead process had leased comes back after its lease
const LEDGER_SECONDS_MAX = 240

/** Everything dies at once, the supervisor first; a second start finds it all. */
export async function dirtyMachine(t: Test): Promise<void> {
  await t.test('after kill -9 of every process a second start brings the shop back with all its orders', async (t) => {
    const shop = await givenShop(t)
    const browser = openBrowser()
    const errand = { shopUrl: shop.url, show: SHOW, tickets: 2, person: someone() }
    const orders = await Promise.all(Array.from({ length: ORDERS }, (_, skip) => buyTickets(openBrowser(), { ...errand, skip })))
    t.ok((await closeLedger(INSTANCE, LEDGER_SECONDS_MAX)).holds, 'before')
    const last = await buyTickets(browser, errand)

    await killEverything() // with documents of the last order in somebody's hands, or not even begun
    await command('start', '--detach', '--no-demo', ...FLAG)

    const page = await browser.open(last.page.url)
    t.match(page.text, last.code, 'the last buyer still has the order')
    await documentsOf(browser, last, DOCUMENTS_MS_MAX)
    const ledger = await closeLedger(INSTANCE, LEDGER_SECONDS_MAX)
    t.strictSame(ledger.differences, [])
    t.equal(ledger.orders, orders.length + 1)
  })
}

async function givenShop(t: Test): Promise<Instance> {
  await command('stop', ...FLAG).catch(() => {})
  await rm(instanceDirectory(INSTANCE), { recursive: true, force: true })
  t.teardown(async () => {
    await command('stop', ...FLAG)
    await rm(instanceDirectory(INSTANCE), { recursive: true, force: true })
  })
  await command('start', '--detach', '--no-demo', ...FLAG)
  const shop = await readInstance(INSTANCE)
  const operator = operatorDoors(shop.reservationUrl, shop.operatorToken)
  const venue = theatre()
  await operator.putPlan(venue.code, JSON.stringify(exchangePlan(venue)))
  await operator.putShow(SHOW, demoShows(new Date()).find(({ code }) => code === SHOW)!.form)
  return shop
}

/** Its supervisor, and everything that carries its mark. */
async function killEverything(): Promise<void> {
  const supervisor = await askSupervisor(doorPath(INSTANCE), { ask: 'status' })
  for (const pid of [supervisor!.pid, ...processesOf(instanceDirectory(INSTANCE))]) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // it had ended with the one before it
    }
  }
}
