import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { type Browser, openBrowser, type Page } from '../../cluster/browser.ts'
import { checkoutForm, choose, hold, openShow } from '../../cluster/buyer.ts'
import type { Form } from '../../cluster/html.ts'
import type { Instance } from '../../cluster/instance.ts'
import { readBooks } from '../books.ts'

const SHOW = 'cuentos-del-viento-sur'
const FORM = 'application/x-www-form-urlencoded'
/** More than there are bad holds: each is a purchase of its own. */
const FORMS = 16
const BODY_OVER_LIMIT = 70 * 1024

/** What is sent, and which answers are right. */
type Case = [what: string, method: string, path: string, body: string | undefined, status: number[], headers?: Record<string, string>]

/** Everything people and machines send that they should not: a page that says so, nothing changed, never a fault of ours. */
export async function badInput(t: Test, shop: Instance): Promise<void> {
  const browser = openBrowser()
  const choice = await choose(browser, await openShow(browser, shop.url, SHOW), 1, 8)
  const show = showIdOn(choice.form)
  const notYet = showIdOn((await browser.open(`${shop.url}/funciones/cordillera-viva`)).forms[0]!)
  const seat = [choice.filled.asiento ?? []].flat()[0]!
  const ids = await formIds(browser, choice.page)
  const checkout = await hold(browser, choice)
  const mine = new URL(checkout.url).pathname
  const before = await readBooks(shop)

  for (const [what, method, path, body, status, headers] of [
    ...looking(),
    ...holding(show, seat, notYet, ids),
    ...paying(mine),
    ...others(mine)
  ]) {
    await t.test(`${method} ${path.slice(0, 40)} with ${what} is refused`, async (t) => {
      const page = await send(browser, shop.url + path, method, body, headers)

      t.ok(status.includes(page.status), `${page.status} «${page.title}»`)
      t.ok(page.text.length > 40, 'with a page that says something')
      t.notMatch(page.text, /\.ts:\d+|stack|undefined|\[object|NaN/i, 'and nothing of our insides')
    })
  }

  await t.test('nothing was changed by any of it, and the purchase in progress is still there', async (t) => {
    const after = await readBooks(shop)

    t.strictSame([after.orders.length, after.seats.length, after.zones], [before.orders.length, before.seats.length, before.zones])
    t.strictSame(
      after.purchases.filter(({ state }) => state === 'held'),
      before.purchases.filter(({ state }) => state === 'held')
    )
    const page = await browser.open(checkout.url)
    t.ok(checkoutForm(page))
    await browser.submit(page, page.forms.find(({ action }) => action.endsWith('/soltar'))!)
  })
}

function showIdOn({ fields }: Form): string {
  return fields.find(({ name }) => name === 'funcion')!.value
}

/** The form of a page begins one purchase; every time the page is opened, another. */
async function formIds(browser: Browser, { url }: Page): Promise<string[]> {
  const pages = await Promise.all(Array.from({ length: FORMS }, () => browser.open(url)))
  return pages.map(({ forms }) => forms.flatMap(({ fields }) => fields).find(({ name }) => name === 'compra')!.value)
}

function looking(): Case[] {
  return [
    ['an unknown show', 'GET', '/funciones/no-existe', undefined, [404]],
    ['a code that is none', 'GET', '/funciones/..%2F..%2Fetc', undefined, [404]],
    ['a very long code', 'GET', `/funciones/${'a'.repeat(300)}`, undefined, [404, 414]],
    ['an unknown section', 'GET', `/funciones/${SHOW}/sectores/999`, undefined, [404]],
    ['a section that is no number', 'GET', `/funciones/${SHOW}/sectores/uno`, undefined, [404]],
    ['a section beyond numbers', 'GET', `/funciones/${SHOW}/sectores/99999999999999999999`, undefined, [404]],
    ['a long query', 'GET', `/funciones/${SHOW}/sectores/1?asientos=${'1,'.repeat(500)}`, undefined, [400, 404]],
    ['broken percent signs', 'GET', '/funciones/%E0%A4%A', undefined, [400, 404]],
    ['an unknown page', 'GET', '/wp-admin.php', undefined, [404]],
    ['a method nobody takes', 'DELETE', '/', undefined, [404, 405]]
  ]
}

function holding(show: string, seat: string, notYet: string, ids: string[]): Case[] {
  const form = (fields: Record<string, string>) =>
    new URLSearchParams({ compra: ids.pop()!, funcion: show, codigo: SHOW, asiento: seat, ...fields }).toString()
  const seats = (nos: number[]) => `${form({}).replace(/&asiento=\d+/, '')}${nos.map((no) => `&asiento=${no}`).join('')}`
  return [
    ['nothing at all', 'POST', '/compras', '', [400]],
    ['no seats', 'POST', '/compras', seats([]), [422]],
    ['eleven seats', 'POST', '/compras', seats(Array.from({ length: 11 }, (_, i) => i + 1)), [422]],
    ['five hundred seats', 'POST', '/compras', seats(Array.from({ length: 500 }, (_, i) => i + 1)), [422]],
    ['an unknown seat', 'POST', '/compras', form({ asiento: '99999' }), [404, 422]],
    ['a seat that is no number', 'POST', '/compras', form({ asiento: "1'; drop table seats; --" }), [400]],
    ['a seat of zero', 'POST', '/compras', form({ asiento: '0' }), [400]],
    ['an unknown show', 'POST', '/compras', form({ funcion: '99999' }), [404, 422]],
    ['a show that is not on sale yet', 'POST', '/compras', form({ funcion: notYet }), [404, 409, 422]],
    ['an id that is none', 'POST', '/compras', form({ compra: '../../1' }), [400]],
    ['an id that no page gave out', 'POST', '/compras', form({ compra: randomUUID() }), [400]],
    ['an unknown zone', 'POST', '/compras', form({ asiento: '', 'zona-77': '1' }), [400, 404, 422]],
    ['a negative quantity', 'POST', '/compras', form({ 'zona-1': '-1' }), [400]],
    ['JSON in place of a form', 'POST', '/compras', '{"compra":', [400, 415], { 'content-type': 'application/json' }],
    ['a picture', 'POST', '/compras', 'GIF89a', [415], { 'content-type': 'image/gif' }],
    ['a body over the limit', 'POST', '/compras', `x=${'a'.repeat(BODY_OVER_LIMIT)}`, [413]],
    ["another site's form", 'POST', '/compras', form({}), [403], { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }]
  ]
}

function paying(mine: string): Case[] {
  const buyer = (fields: Record<string, string>) =>
    new URLSearchParams({ nombre: 'Ana Prueba', correo: 'ana@ejemplo.cl', rut: '', acepto: 'si', ...fields }).toString()
  const pay = `${mine}/pago`
  return [
    ['nothing at all', 'POST', pay, '', [400]],
    ['no name', 'POST', pay, buyer({ nombre: '   ' }), [422]],
    ['a name without end', 'POST', pay, buyer({ nombre: 'a'.repeat(101) }), [422]],
    ['control characters in the name', 'POST', pay, buyer({ nombre: 'Ana\u0000\r\nBcc: x@y.cl' }), [400, 422]],
    ['a mail address that is none', 'POST', pay, buyer({ correo: 'ana@' }), [422]],
    ['two mail addresses', 'POST', pay, buyer({ correo: 'a@b.cl, c@d.cl' }), [422]],
    ['a RUT with a wrong verifier', 'POST', pay, buyer({ rut: '12.345.678-9' }), [422]],
    ['no consent', 'POST', pay, buyer({}).replace('&acepto=si', ''), [422]],
    ["somebody else's purchase", 'POST', `/compras/${randomUUID()}/pago`, buyer({}), [404]],
    ['an id that is none', 'POST', '/compras/uno/pago', buyer({}), [404]]
  ]
}

function others(mine: string): Case[] {
  return [
    ["somebody else's purchase", 'GET', `/compras/${randomUUID()}`, undefined, [404]],
    ['a receipt that is not there yet', 'GET', `${mine}/boleta.pdf`, undefined, [404, 409, 503]],
    ['a ticket that is no number', 'GET', `${mine}/entradas/uno.pdf`, undefined, [404]],
    ['a ticket too far', 'GET', `${mine}/entradas/5000.pdf`, undefined, [404]],
    ['nothing of a bank', 'GET', '/pago/retorno', undefined, [400, 404, 422]],
    ['an unknown token', 'GET', '/pago/retorno?token_ws=0123456789', undefined, [400, 404, 422]],
    ['a token without end', 'POST', '/pago/retorno', `token_ws=${'a'.repeat(1_000)}`, [400]],
    ['an unknown order of the bank', 'POST', '/pago/retorno', 'TBK_ORDEN_COMPRA=nada&TBK_ID_SESION=nadie', [400, 404, 422]],
    ['a link that is none', 'GET', '/mis-entradas/abc.def', undefined, [404]],
    ['a link without end', 'GET', `/mis-entradas/${'a'.repeat(2_000)}`, undefined, [404, 414]],
    ['a mail address that is none', 'POST', '/mis-entradas', 'correo=nadie', [422]],
    ['no mail address', 'POST', '/mis-entradas', '', [400]]
  ]
}

function send(browser: Browser, url: string, method: string, body: string | undefined, headers: Record<string, string> = {}) {
  if (body === undefined) return browser.send(url, { method, headers })
  return browser.send(url, { method, body, headers: { 'content-type': FORM, ...headers } })
}
