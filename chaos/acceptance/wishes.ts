import type { Test } from 'tap'
import { type Browser, openBrowser, type Page } from '../../cluster/browser.ts'
import { buyTickets } from '../../cluster/buy.ts'
import {
  bestOf,
  bought,
  type Choice,
  checkOut,
  checkoutForm,
  choose,
  documentsOf,
  hold,
  offerOn,
  openShow,
  payAtBank
} from '../../cluster/buyer.ts'
import type { Instance } from '../../cluster/instance.ts'
import { someone } from './shop.ts'

const SHOW = 'cuentos-del-viento-sur'
const LIMITED = 'luz-de-invierno'
const LIMIT = 6
const DOCUMENTS_MS_MAX = 60_000
/** «Platea Baja, fila C, asiento 7»: section and row. */
const ROW = /(Platea \S+), fila (\S+), asiento/g

/** What buyers may ask for, and what they are offered when it is not to be had. */
export async function wishes(t: Test, shop: Instance): Promise<void> {
  await t.test('who does not choose gets the best seats, in one row, and tickets for them', async (t) => {
    const browser = openBrowser()
    const checkout = await hold(browser, bestOf(await openShow(browser, shop.url, SHOW), 4))

    t.match(checkout.text, /mejores asientos que encontramos/)
    const rows = [...checkout.text.matchAll(ROW)].map(([, section, row]) => `${section} ${row}`)
    t.equal(rows.length, 4)
    t.equal(new Set(rows).size, 1, rows.join())

    const order = await bought(browser, await payAtBank(browser, await checkOut(browser, checkout, someone())))
    t.equal((await documentsOf(browser, order, DOCUMENTS_MS_MAX)).tickets.length, 4)
  })

  await t.test('who would leave a seat alone is told which, and takes what is offered with one click', async (t) => {
    const browser = openBrowser()
    const { page, form, filled } = await choose(browser, await openShow(browser, shop.url, SHOW), 3, 8)
    const [first, , third] = [filled.asiento ?? []].flat()

    const refused = await hold(browser, { page, form, filled: { asiento: [first!, third!] } })
    const offer = offerOn(refused, 2)

    t.match(refused, { status: 409, title: /Dejarías un asiento solo/ })
    t.match(refused.text, /fila \S+, asiento \S+/, 'the seat has a name')
    const checkout = await hold(browser, offer!)
    t.ok(checkoutForm(checkout), checkout.title)
    await letGo(browser, checkout)
  })

  await t.test('every ticket has its type and its price', async (t) => {
    const browser = openBrowser()
    const { page, form, filled } = await choose(browser, await openShow(browser, shop.url, SHOW), 2, 5)
    const [first, second] = [filled.asiento ?? []].flat()

    const checkout = await hold(browser, { page, form, filled: { ...filled, [`tipo-${second}`]: '2' } })

    t.match(checkout.text, /asiento \S+ General \$ \d+\.\d{3} .*asiento \S+ Estudiante \$ \d+\.\d{3}/)
    t.ok(first)
    await letGo(browser, checkout)
  })

  await t.test('a place for a wheelchair comes with the seat of a companion', async (t) => {
    const browser = openBrowser()
    const best = bestOf(await openShow(browser, shop.url, SHOW), 2)

    const checkout = await hold(browser, { ...best, filled: { ...best.filled, silla: '1' } })

    t.match(checkout.text, /Espacio para silla de ruedas/)
    t.match(checkout.text, /Acompañante de silla de ruedas/)
    await letGo(browser, checkout)
  })

  await t.test('more time is given once, with what was typed kept', async (t) => {
    const browser = openBrowser()
    const checkout = await hold(browser, bestOf(await openShow(browser, shop.url, SHOW), 1))

    const longer = await browser.submit(checkout, checkoutForm(checkout)!, { nombre: 'Ana Araya' }, /más tiempo/)

    t.match(longer.text, /tienes tiempo hasta las \d\d:\d\d/)
    t.equal(checkoutForm(longer)!.fields.find(({ name }) => name === 'nombre')?.value, 'Ana Araya')
    t.notOk(
      checkoutForm(longer)!.buttons.some(({ text }) => /más tiempo/.test(text)),
      'it is not offered again'
    )
    await letGo(browser, longer)
  })

  await t.test('who has as many tickets as one may have is told so before they pay', async (t) => {
    const person = someone()
    await buyTickets(openBrowser(), { shopUrl: shop.url, show: LIMITED, tickets: LIMIT, person, best: true })
    const browser = openBrowser()
    const show = await openShow(browser, shop.url, LIMITED)
    const checkout = await hold(browser, bestOf(show, 1))

    const told = await checkOut(browser, checkout, { ...person, email: person.email.toUpperCase() })

    t.match(show.text, /Hasta 6 entradas por persona/)
    t.match(told.text, /cada persona puede tener hasta 6 entradas, y con ese correo ya tienes 6/)
    await letGo(browser, told)
  })

  await t.test('a party that cannot sit together is offered fewer seats, or groups', async (t) => {
    const browser = openBrowser()
    const party = await openShow(browser, shop.url, SHOW)
    const form = bestOf(party, 10)
    const boxes = form.form.fields.find(({ name }) => name === 'donde')!.options.find((option) => /Palcos/.test(option))

    const refused = await hold(browser, { ...form, filled: { ...form.filled, donde: boxes! } })
    const groups: Choice = {
      page: refused,
      form: refused.forms.find(({ fields }) => fields.some(({ name }) => name === 'apart'))!,
      filled: {}
    }
    const checkout = await hold(browser, groups)

    t.match(refused, { status: 409, title: /No quedan tantos asientos juntos/ })
    t.ok(checkoutForm(checkout), checkout.title)
    t.equal(checkout.text.match(/asiento/g)!.length >= 10, true)
    await letGo(browser, checkout)
  })
}

async function letGo(browser: Browser, checkout: Page): Promise<void> {
  await browser.submit(checkout, checkout.forms.find(({ action }) => action.endsWith('/soltar'))!)
}
