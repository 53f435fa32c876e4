import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { commandLine, endWith } from './arguments.ts'
import { type Browser, openBrowser, type Page } from './browser.ts'
import {
  type Bought,
  bestOf,
  bought,
  type Choice,
  checkOut,
  checkoutForm,
  choose,
  documentsOf,
  hold,
  isRefused,
  offerOn,
  openShow,
  type Person,
  payAtBank,
  unexpected
} from './buyer.ts'
import { ROOT, readInstance } from './instance.ts'

const DOCUMENTS_MS_MAX = 60_000
const HOLDS_MAX = 4
const PERSON: Person = { name: 'Violeta Prueba', email: 'violeta.prueba@ejemplo.cl', rut: '11.111.111-1' }

interface Steps {
  /** Does one step and remembers how long it took. */
  <T>(name: string, work: () => Promise<T>): Promise<T>
  seconds: Record<string, number>
}

interface Errand {
  shopUrl: string
  show: string | undefined
  tickets: number
  person: Person
  /** How many sections to pass by, so that buyers who come together do not want the same seats. */
  skip?: number
  /** True: the shop finds the seats. */
  best?: boolean
}

/** One purchase up to «Compra exitosa», as a buyer's browser without JavaScript makes it. */
export async function buyTickets(browser: Browser, errand: Errand, step: Steps = steps(() => {})): Promise<Bought> {
  const showPage = await step('show', () => openShow(browser, errand.shopUrl, errand.show))
  const checkout = await step('hold', () => holdSome(browser, showPage, errand))
  const way = await step('checkout', () => checkOut(browser, checkout, errand.person))
  const free = !way.forms.some(({ fields }) => fields.some(({ name }) => name === 'token_ws'))
  const back = free ? way : await step('bank', () => payAtBank(browser, way))
  return step('order', () => bought(browser, back))
}

/** A page may be a moment behind: who hears that a seat is not to be had takes what is offered instead, or looks in the next section. */
async function holdSome(browser: Browser, show: Page, { tickets, skip = 0, best = false }: Errand): Promise<Page> {
  for (let tries = 1, offer: Choice | undefined; ; tries++) {
    const choice = offer ?? (best ? bestOf(show, tickets) : await choose(browser, show, tickets, skip + tries - 1))
    const page = await hold(browser, choice)
    if (checkoutForm(page)) return page
    if (!isRefused(page) || best || tries === HOLDS_MAX) throw unexpected(page, 'the checkout')
    offer = offerOn(page, tickets)
  }
}

function steps(say: (text: string) => void): Steps {
  const seconds: Record<string, number> = {}
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now()
    const result = await work()
    seconds[name] = Math.round(performance.now() - began) / 1_000
    say(`${name.padEnd(10)} ${seconds[name].toFixed(2).padStart(6)} s`)
    return result
  }
  return Object.assign(step, { seconds })
}

async function save(browser: Browser, url: string, path: string): Promise<string> {
  const { status, bytes } = await browser.open(url)
  if (status !== 200 || bytes.subarray(0, 5).toString() !== '%PDF-') throw new Error(`${url} is no PDF: ${status}`)
  await writeFile(path, bytes)
  return relative(process.cwd(), path)
}

async function buy(
  {
    show,
    seats,
    best,
    instance,
    out
  }: { show: string | undefined; seats: number; best: boolean; instance: number; out: string | undefined },
  say: (text: string) => void
) {
  const { url } = await readInstance(instance)
  const browser = openBrowser()
  const step = steps(say)
  const began = performance.now()
  const order = await buyTickets(browser, { shopUrl: url, show, tickets: seats, best, person: PERSON }, step)
  say(`           order ${order.code}: ${order.page.url}`)
  const files = await step('documents', () => documentsOf(browser, order, DOCUMENTS_MS_MAX))
  const directory = out ?? join(ROOT, 'artifacts', 'purchases', order.code)
  await mkdir(directory, { recursive: true })
  const { receipt, tickets } = await step('files', async () => ({
    receipt: files.receipt && (await save(browser, files.receipt, join(directory, 'boleta.pdf'))),
    tickets: await Promise.all(files.tickets.map((ticket, i) => save(browser, ticket, join(directory, `entrada-${i + 1}.pdf`))))
  }))
  if (tickets.length !== seats) throw new Error(`${seats} tickets were bought and ${tickets.length} are there`)
  step.seconds.total = Math.round(performance.now() - began) / 1_000
  return { orderId: order.orderId, code: order.code, folio: files.folio ?? null, receipt: receipt ?? null, tickets, seconds: step.seconds }
}

if (import.meta.main) await main().catch(endWith)

async function main(): Promise<void> {
  const { instance, values } = commandLine({
    show: { type: 'string' },
    seats: { type: 'string', default: '2' },
    best: { type: 'boolean', default: false },
    out: { type: 'string' },
    json: { type: 'boolean', default: false }
  } as const)
  const say = values.json ? () => {} : (text: string) => console.log(text)
  const { show, best, out } = values
  const done = await buy({ show, seats: Number(values.seats), best, instance, out }, say)
  if (values.json) return console.log(JSON.stringify(done))
  console.log(`folio      ${done.folio ?? 'none: nothing was paid'}`)
  for (const file of [done.receipt ?? [], done.tickets].flat()) console.log(`           ${file}`)
  console.log(`total      ${done.seconds.total?.toFixed(2).padStart(6)} s`)
}
