import type { Test } from 'tap'
import { type Browser, openBrowser, type Page } from '../../cluster/browser.ts'
import { buyTickets } from '../../cluster/buy.ts'
import { bought, checkOut, choose, documentsOf, hold, openShow, payAtBank, seatsOn } from '../../cluster/buyer.ts'
import type { Instance } from '../../cluster/instance.ts'
import type { TicketKeys } from '../../contracts/documents.ts'
import { closeLedger } from '../ledger.ts'
import { textOf } from '../printed.ts'
import { isGenuine, qrsOf } from './papers.ts'
import { eventually, mailsTo, someone } from './shop.ts'

const SHOW = 'cuentos-del-viento-sur'
const DOCUMENTS_MS_MAX = 60_000
const LEDGER_SECONDS_MAX = 60

/** What a buyer without JavaScript lives through. Each test looks in sections of its own: a page may show what the one before has just bought. */
export async function purchases(t: Test, shop: Instance): Promise<void> {
  await t.test('a purchase ends in a receipt, a genuine ticket per seat and one mail with all of them', async (t) => {
    const [browser, person] = [openBrowser(), someone()]

    const order = await buyTickets(browser, { shopUrl: shop.url, show: SHOW, tickets: 2, person })
    const { receipt, tickets, folio } = await documentsOf(browser, order, DOCUMENTS_MS_MAX)

    const keys = (await (await fetch(`${shop.url}/llaves.json`)).json()) as TicketKeys
    const papers = await Promise.all(tickets.map(async (ticket) => (await browser.open(ticket)).bytes))
    const qrs = (await Promise.all(papers.map(qrsOf))).flat()
    t.equal(qrs.length, 2, 'one QR on each ticket')
    t.equal(new Set(qrs).size, 2, 'and no two are the same')
    t.ok(
      qrs.every((qr) => isGenuine(qr, keys)),
      'signed by a published key'
    )
    t.notOk(
      isGenuine(
        qrs[0]!.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
        keys
      ),
      'and by nothing else'
    )
    const paper = await textOf((await browser.open(receipt!)).bytes)
    t.match(paper, new RegExp(`\\b${folio}\\b`), 'the receipt bears its folio')
    t.match(paper, order.code)
    t.match(paper, /IVA/)
    const [mail, ...others] = await eventually('the mail', DOCUMENTS_MS_MAX, async () => {
      const mails = await mailsTo(shop, person.email)
      return mails.length > 0 && mails
    })
    t.equal(others.length, 0, 'one mail')
    t.ok(mail!.attachments.filter(({ type }) => type === 'application/pdf').length >= 2, 'with receipt and tickets')
  })

  await t.test('the link in the mail opens the order in any browser; a changed one opens nothing', async (t) => {
    const person = someone()
    const order = await buyTickets(openBrowser(), { shopUrl: shop.url, show: SHOW, tickets: 1, person })

    const link = await linkIn(shop, person.email)
    const page = await openBrowser().open(link)
    const forged = await openBrowser().open(link.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')))
    const stranger = await openBrowser().open(order.page.url)

    t.match(page, { status: 200, title: /Compra exitosa/ })
    t.match(page.text, order.code)
    t.equal(forged.status, 404)
    t.equal(stranger.status, 404, 'the address alone opens nothing')
  })

  await t.test('lost tickets are mailed to who bought them, and the page tells nobody who that is', async (t) => {
    const [person, nobody] = [someone(), someone()]
    await buyTickets(openBrowser(), { shopUrl: shop.url, show: SHOW, tickets: 1, person })
    await linkIn(shop, person.email)

    const [known, unknown] = await Promise.all([person, nobody].map(({ email }) => askForLostTickets(shop, email)))

    t.equal(known!.text, unknown!.text, 'the same page for both')
    const mails = await eventually('the mail with links', DOCUMENTS_MS_MAX, async () => {
      const mails = await mailsTo(shop, person.email)
      return mails.length === 2 && mails
    })
    const links = mails.map(({ text }) => /http\S+\/mis-entradas\/\S+/.exec(text)?.[0] ?? '')
    t.ok((await Promise.all(links.map((link) => openBrowser().open(link)))).every(({ title }) => /Compra exitosa/.test(title)))
    t.strictSame(await mailsTo(shop, nobody.email), [])
  })

  await t.test('a form that is sent twice, and paid from two tabs, is one order', async (t) => {
    const [browser, person] = [openBrowser(), someone()]
    const choice = await choose(browser, await openShow(browser, shop.url, SHOW), 2, 2)
    const before = await closeLedger(shop.instance, LEDGER_SECONDS_MAX)

    const tabs = await Promise.all([hold(browser, choice), hold(browser, choice)])
    const ways = [await checkOut(browser, tabs[0]!, person), await checkOut(browser, tabs[1]!, person)]
    const first = await bought(browser, await payAtBank(browser, ways[1]!))
    const second = await payAtBank(browser, ways[0]!).catch(() => undefined)

    t.equal(tabs[0]!.url, tabs[1]!.url, 'both tabs show one purchase')
    const order = await browser.open(first.page.url)
    t.match(order.text, first.code)
    t.ok(second === undefined || second.text.includes(first.code) || second.status === 202, 'the second payment bought nothing else')
    await documentsOf(browser, first, DOCUMENTS_MS_MAX)
    const after = await closeLedger(shop.instance, LEDGER_SECONDS_MAX)
    t.strictSame([after.orders, after.seatsSold, after.ticketSets], [before.orders + 1, before.seatsSold + 2, before.ticketSets + 1])
    t.equal((await mailsTo(shop, person.email)).length, 1)
  })

  await t.test('letting go frees the seats for somebody else', async (t) => {
    const [browser, other] = [openBrowser(), openBrowser()]
    const { section, seats } = await freeSeats(other, shop, 2)
    const checkout = await hold(browser, seatsOn(section, 2)!)

    const refused = await hold(other, await chosenAgain(other, section, seats))
    const released = await browser.submit(checkout, checkout.forms.find(({ action }) => action.endsWith('/soltar'))!)
    const taken = await hold(other, await chosenAgain(other, section, seats))

    t.match(refused, { status: 409, title: /ya no están libres/ })
    t.match(released, { status: 200, title: /Soltaste la reserva/ })
    t.match(taken, { status: 200, title: /Pagar/ })
    await other.submit(taken, taken.forms.find(({ action }) => action.endsWith('/soltar'))!)
  })

  await t.test('who is rejected by the bank, or gives up there, pays again and gets one order', async (t) => {
    const [browser, person] = [openBrowser(), someone()]
    const checkout = await hold(browser, await choose(browser, await openShow(browser, shop.url, SHOW), 1, 6))

    const rejected = await payAtBank(browser, await checkOut(browser, checkout, person), 'reject')
    const abandoned = await payAtBank(browser, await checkOut(browser, rejected, person), 'abandon')
    const order = await bought(browser, await payAtBank(browser, await checkOut(browser, abandoned, person)))

    t.match(rejected.text, /rechazó el pago/)
    t.match(abandoned.text, /sin terminar/)
    t.ok(order.code)
  })

  await t.test('a free show gives tickets without a bank and without a receipt', async (t) => {
    const browser = openBrowser()

    const order = await buyTickets(browser, { shopUrl: shop.url, show: 'concierto-de-mediodia', tickets: 2, person: someone() })
    const { receipt, tickets } = await documentsOf(browser, order, DOCUMENTS_MS_MAX)

    t.equal(receipt, undefined)
    t.equal(tickets.length, 2)
  })

  await t.test('what is sold out or not yet on sale says so and sells nothing', async (t) => {
    const browser = openBrowser()

    const [soldOut, soon] = [
      await browser.open(`${shop.url}/funciones/ensayo-abierto`),
      await browser.open(`${shop.url}/funciones/cordillera-viva`)
    ]

    t.match(soldOut.text, /agotadas/)
    t.match(soon.text, /La venta comienza el/)
    t.notOk([...soldOut.forms, ...soon.forms].some(({ action, buttons }) => action === '/compras' && buttons.length > 0))
  })
}

async function linkIn(shop: Instance, email: string): Promise<string> {
  return eventually('a mail with a link', DOCUMENTS_MS_MAX, async () => {
    const [mail] = await mailsTo(shop, email)
    return mail && /http\S+\/mis-entradas\/\S+/.exec(mail.text)?.[0]
  })
}

async function askForLostTickets(shop: Instance, email: string): Promise<Page> {
  const browser = openBrowser()
  const page = await browser.open(`${shop.url}/mis-entradas`)
  return browser.submit(page, page.forms.find(({ action }) => action === '/mis-entradas')!, { correo: email })
}

async function freeSeats(browser: Browser, shop: Instance, count: number): Promise<{ section: Page; seats: string[] }> {
  const { page, filled } = await choose(browser, await openShow(browser, shop.url, SHOW), count, 4)
  return { section: page, seats: [filled.asiento ?? []].flat() }
}

/** The same seats, on a page that was drawn anew: with a purchase id of its own. */
async function chosenAgain(browser: Browser, { url }: Page, seats: string[]) {
  const page = await browser.open(url)
  const form = page.forms.find(({ action }) => action === '/compras')!
  return { page, form, filled: { asiento: seats } }
}
