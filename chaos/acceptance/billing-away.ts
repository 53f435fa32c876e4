import type { Test } from 'tap'
import { openBrowser } from '../../cluster/browser.ts'
import { buyTickets } from '../../cluster/buy.ts'
import { documentsOf } from '../../cluster/buyer.ts'
import type { Instance } from '../../cluster/instance.ts'
import { command, eventually, mailsTo, someone } from './shop.ts'

const SHOW = 'el-jardin-de-los-relojes'
const DOCUMENTS_MS_MAX = 60_000

/** The user's first acceptance test. */
export async function billingAway(t: Test, shop: Instance): Promise<void> {
  await t.test('a dead billing-service delays documents and never a sale; they arrive by themselves, once', async (t) => {
    const [browser, person] = [openBrowser(), someone()]
    const flag = ['--instance', String(shop.instance)]
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
    const mails = await eventually('the mail', DOCUMENTS_MS_MAX, async () => {
      const mails = await mailsTo(shop, person.email)
      return mails.length > 0 && mails
    })
    t.equal(mails.length, 1, 'one mail')
  })
}
