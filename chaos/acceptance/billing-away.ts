import type { Test } from 'tap'
import { openBrowser } from '../../cluster/browser.ts'
import { buyTickets } from '../../cluster/buy.ts'
import { documentsOf } from '../../cluster/buyer.ts'
import type { Instance } from '../../cluster/instance.ts'
import { closeLedger } from '../ledger.ts'
import { command, eventually, mailsTo, someone } from './shop.ts'

const SHOW = 'el-jardin-de-los-relojes'
const DOCUMENTS_MS_MAX = 60_000
const LEDGER_SECONDS_MAX = 60

/** The user's first acceptance test. */
export async function billingAway(t: Test, shop: Instance): Promise<void> {
  await t.test('a dead billing-service delays documents and never a sale; they arrive by themselves, once', async (t) => {
    const [browser, person] = [openBrowser(), someone()]
    const flag = ['--instance', String(shop.instance)]
    const before = await closeLedger(shop.instance, LEDGER_SECONDS_MAX)
    await command('stop', 'billing-service', ...flag)
    t.teardown(() => command('start', 'billing-service', ...flag))

    const order = await buyTickets(browser, { shopUrl: shop.url, show: SHOW, tickets: 2, person })

    t.match(order.page.title, /^Compra exitosa/)
    t.match(order.page.text, /Documentos En proceso/)
    t.strictSame(
      order.page.links.filter(({ href }) => href.endsWith('.pdf')),
      []
    )
    t.strictSame(await mailsTo(shop, person.email), [])

    await command('start', 'billing-service', ...flag)

    const { receipt, tickets } = await documentsOf(browser, order, DOCUMENTS_MS_MAX)
    t.ok(receipt)
    t.equal(tickets.length, 2)
    await eventually('the mail', DOCUMENTS_MS_MAX, async () => (await mailsTo(shop, person.email)).length > 0)
    const after = await closeLedger(shop.instance, LEDGER_SECONDS_MAX)
    t.strictSame(after.differences, [])
    t.equal(after.orders, before.orders + 1)
    t.equal(after.ticketSets, before.ticketSets + 1)
    t.equal(after.duplicateMails, before.duplicateMails, 'no mail came twice')
    t.equal((await mailsTo(shop, person.email)).length, 1, 'one mail')
  })
}
