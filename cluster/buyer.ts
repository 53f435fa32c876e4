import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Filled, Page } from './browser.ts'
import type { Form } from './html.ts'

export interface Person {
  name: string
  email: string
  rut?: string
}

export interface Choice {
  page: Page
  form: Form
  filled: Filled
}

export type Decision = 'approve' | 'reject' | 'abandon'

/** What a buyer ends with: the page of the order, and how it is called. */
export interface Bought {
  page: Page
  orderId: string
  code: string
}

const BANK_BUTTONS: Record<Decision, RegExp> = {
  approve: /aprobar|approve/i,
  reject: /rechazar|reject/i,
  abandon: /anular|cancel|abandon|cerrar|volver/i
}
/** The alphabet of order codes leaves out what looks alike. */
const ORDER_CODE = /\b[34679ACDEFGHJKMNPQRTUVWXY]{8}\b/
const SECTIONS_TRIED_MAX = 12
const CONFIRMED_MS_MAX = 20_000
const LOOK_AGAIN_MS = 250

/** @returns The page of a show: the one that is named, else the first one of the catalogue that sells. */
export async function openShow(browser: Browser, shopUrl: string, code?: string): Promise<Page> {
  if (code !== undefined) return expectStatus(await browser.open(`${shopUrl}/funciones/${code}`), 200)
  const catalogue = expectStatus(await browser.open(`${shopUrl}/`), 200)
  for (const { href } of catalogue.links.filter(({ href }) => /\/funciones\/[^/]+$/.test(href))) {
    const page = await browser.open(new URL(href, catalogue.url).href)
    if (seatPages(page).length > 0 || zoneForm(page)) return page
  }
  throw new Error('no show of the catalogue sells anything now')
}

/**
 * Seats beside each other where there are, in any section that has as many; else places in a zone.
 *
 * @param skip - How many sections to pass by, so that buyers spread out.
 */
export async function choose(browser: Browser, show: Page, tickets: number, skip = 0): Promise<Choice> {
  const sections = seatPages(show)
  for (let i = 0; i < Math.min(sections.length, SECTIONS_TRIED_MAX); i++) {
    const page = await browser.open(sections[(i + skip) % sections.length]!)
    const choice = seatsOn(page, tickets)
    if (choice) return choice
  }
  const form = zoneForm(show)
  const zone = form?.fields.find(({ name, options }) => name.startsWith('zona-') && options.includes(String(tickets)))
  if (!form || !zone) throw new Error(`${show.title}: no ${tickets} places are free`)
  return { page: show, form, filled: { [zone.name]: String(tickets) } }
}

/** As many seats of one row as are asked for, from `from` on; undefined when the page has not that many. */
export function seatsOn(page: Page, tickets: number, from = 0): Choice | undefined {
  const form = page.forms.find(({ fields }) => fields.some(({ name }) => name === 'asiento'))
  const seats = form?.fields.filter(({ name, disabled }) => name === 'asiento' && !disabled).map(({ value }) => value) ?? []
  const chosen = seats.slice(from, from + tickets)
  return form && chosen.length === tickets ? { page, form, filled: { asiento: chosen } } : undefined
}

/** The best seats there are, at the full price, for those who do not choose. */
export function bestOf(show: Page, tickets: number): Choice {
  const form = show.forms.find(({ fields }) => fields.some(({ name }) => name === 'mejores'))
  const count = form?.fields.find(({ name, options }) => /^cantidad(-1)?$/.test(name) && options.includes(String(tickets)))
  if (!form || !count) throw new Error(`${show.title}: nobody can ask for the best ${tickets} seats`)
  return { page: show, form, filled: { [count.name]: String(tickets) } }
}

/** As many other seats, where the page that refused some offers them. */
export function offerOn(page: Page, tickets: number): Choice | undefined {
  const form = page.forms.find(({ fields }) => fields.filter(({ name }) => name === 'asiento').length === tickets)
  return form && { page, form, filled: {} }
}

/** A rule said no: the seats are taken, or would strand one, or there are not so many. */
export function isRefused(page: Page): boolean {
  return (page.status === 409 || page.status === 422) && !checkoutForm(page)
}

/** Sends the choice. @returns The checkout, or the page that says why not. */
export async function hold(browser: Browser, { page, form, filled }: Choice): Promise<Page> {
  return settled(browser, await browser.submit(page, form, filled))
}

/** The form that asks who buys; a page without one is no checkout. */
export function checkoutForm({ forms }: Page): Form | undefined {
  return forms.find(({ action }) => /^\/compras\/[0-9a-f-]{36}\/pago$/.test(action))
}

/** Fills in the checkout and presses its button. @returns The way to the bank, or the order where nothing is to pay. */
export async function checkOut(browser: Browser, page: Page, person: Person): Promise<Page> {
  const form = checkoutForm(page)
  if (!form) throw unexpected(page, 'the checkout')
  const filled = Object.fromEntries(
    form.fields.flatMap(({ name, type, value }): Array<[string, string]> => {
      if (type === 'checkbox') return [[name, value]]
      if (type === 'email') return [[name, person.email]]
      if (/rut/i.test(name)) return person.rut === undefined ? [] : [[name, person.rut]]
      return type === 'text' ? [[name, person.name]] : []
    })
  )
  return browser.submit(page, form, filled)
}

/** From the portal's page through the bank and back. @returns The page the bank sent the buyer back to. */
export async function payAtBank(browser: Browser, way: Page, decision: Decision = 'approve'): Promise<Page> {
  const toBank = way.forms.find(({ fields }) => fields.some(({ name }) => name === 'token_ws'))
  if (!toBank) throw unexpected(way, 'the way to the bank')
  const bank = expectStatus(await browser.submit(way, toBank), 200)
  const form = bank.forms.find(({ buttons }) => buttons.some(({ text }) => BANK_BUTTONS[decision].test(text)))
  if (!form) throw unexpected(bank, `a button to ${decision}`)
  const back = await browser.submit(bank, form, {}, BANK_BUTTONS[decision])
  const onward = back.forms.find(({ fields }) => fields.some(({ name }) => /^(token_ws|TBK_)/.test(name)))
  return onward && new URL(back.url).origin === new URL(bank.url).origin ? browser.submit(back, onward) : back
}

/** Waits until the page says that it was bought. */
export async function bought(browser: Browser, first: Page): Promise<Bought> {
  const page = await settled(browser, first)
  const orderId = /\/compras\/([0-9a-f-]{36})/.exec(page.url)?.[1]
  const code = ORDER_CODE.exec(page.text)?.[0]
  if (!/^Compra exitosa/.test(page.title) || !orderId || !code) throw unexpected(page, '«Compra exitosa»')
  return { page, orderId, code }
}

/** «We are confirming»: the page asks to be asked again, by its form or by its address, with the same id. */
async function settled(browser: Browser, first: Page): Promise<Page> {
  const deadline = performance.now() + CONFIRMED_MS_MAX
  let page = first
  while (page.status === 202 && performance.now() < deadline) {
    await sleep(LOOK_AGAIN_MS)
    const [form] = page.forms
    page = form ? await browser.submit(page, form) : await browser.open(page.url)
  }
  return page
}

/** The files of an order, once they can be downloaded. */
export interface Files {
  folio: number | undefined
  receipt: string | undefined
  tickets: string[]
}

/** Waits until the order page offers its documents: a receipt unless it was free, and one file per ticket. */
export async function documentsOf(browser: Browser, { page: first }: Bought, msMax: number): Promise<Files> {
  const deadline = performance.now() + msMax
  for (let page = first; ; page = await browser.open(first.url)) {
    const files = page.links
      .filter(({ href }) => href.endsWith('.pdf'))
      .map(({ href, text }) => ({ text, url: new URL(href, page.url).href }))
    const receipt = files.find(({ url }) => url.endsWith('/boleta.pdf'))
    const tickets = files.filter(({ url }) => /\/entradas\/\d+\.pdf$/.test(url)).map(({ url }) => url)
    if (tickets.length > 0) return { folio: receipt && Number(/\d+/.exec(receipt.text)?.[0]), receipt: receipt?.url, tickets }
    if (performance.now() > deadline) throw unexpected(page, `documents within ${msMax} ms`)
    await sleep(LOOK_AGAIN_MS)
  }
}

export function unexpected({ status, title, text, url }: Page, wanted: string): Error {
  return Object.assign(new Error(`expected ${wanted}, got ${status} «${title}» at ${url}: ${text.slice(0, 300)}`), { status })
}

function expectStatus(page: Page, status: number): Page {
  if (page.status !== status) throw unexpected(page, `status ${status}`)
  return page
}

/** The pages where numbered seats of a show are chosen. */
export function seatPages({ links, url }: Page): string[] {
  return [...new Set(links.filter(({ href }) => /\/sectores\/\d+/.test(href)).map(({ href }) => new URL(href, url).href.split('#')[0]!))]
}

function zoneForm({ forms }: Page): Form | undefined {
  return forms.find(({ fields }) => fields.some(({ name, options }) => name.startsWith('zona-') && options.length > 1))
}

/** How many places the zones of a show page still offer to one buyer. */
export function zonePlacesFree(show: Page): number {
  const zones = zoneForm(show)?.fields.filter(({ name }) => name.startsWith('zona-')) ?? []
  return Math.max(0, ...zones.flatMap(({ options }) => options.map(Number)))
}
