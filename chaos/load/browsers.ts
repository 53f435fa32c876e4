import { randomUUID } from 'node:crypto'
import { type Browser, openBrowser } from '../../cluster/browser.ts'
import { buyTickets } from '../../cluster/buy.ts'
import type { Instance } from '../../cluster/instance.ts'
import { machineMs } from '../clock.ts'
import type { Entry, History } from '../history.ts'

const WHY_CHARS_MAX = 300
const REMEMBERED_MAX = 40
const READ_FROM_REPLICA = /Leído desde la réplica/

export interface Browsers {
  /** One purchase through the whole shop. */
  buy: () => Promise<void>
  /** A look at one of the purchases: its page, and a ticket where there is one. Does nothing while there is no purchase. */
  read: (chance: number) => Promise<void>
}

interface Bought {
  browser: Browser
  url: string
  /** What was once there does not go away. */
  ticketSeen: boolean
}

/** People in front of browsers. What they see is what they tell: no page is asked for twice behind their back. */
export function openBrowsers({ url: shopUrl }: Instance, history: History, show: string): Browsers {
  const bought: Bought[] = []

  return { buy, read }

  async function buy(): Promise<void> {
    const key = randomUUID()
    const browser = openBrowser()
    const write = writer('purchase', key)
    write({ type: 'invoke' })
    try {
      const person = { name: 'Violeta Prueba', email: emailOf(key) }
      const { orderId, page } = await buyTickets(browser, { shopUrl, show, tickets: 1, best: true, person })
      write({ type: 'ok', orderId })
      bought.push({ browser, url: page.url, ticketSeen: false })
      if (bought.length > REMEMBERED_MAX) bought.shift()
    } catch (err) {
      write({ type: 'unknown', ...seen(err) })
    }
  }

  async function read(chance: number): Promise<void> {
    const one = bought[Math.floor(chance * bought.length)]
    if (!one) return
    const write = writer('read', randomUUID())
    write({ type: 'invoke' })
    try {
      write({ type: 'ok', ...(await look(one)) })
    } catch (err) {
      write({ type: 'unknown', ...seen(err) })
    }
  }

  function writer(op: Entry['op'], key: string) {
    return (told: Pick<Entry, 'type'> & Partial<Entry>) =>
      history.write({ op, key, try: 1, atMs: machineMs(), wall: new Date().toISOString(), ...told })
  }
}

/** By it a purchase is found again in the databases, whatever its browser was told. */
export function emailOf(key: string): string {
  return `caos.${key}@ejemplo.cl`
}

/** @throws Error what was not as it should be. */
async function look(bought: Bought): Promise<Pick<Entry, 'ticket' | 'replica'>> {
  const { browser, url } = bought
  const page = await browser.open(url)
  if (page.status !== 200 || !/^Compra exitosa/.test(page.title)) throw new Error(`${page.status} «${page.title}» at ${url}`)
  const ticket = page.links.find(({ href }) => /\/entradas\/\d+\.pdf$/.test(href))
  if (!ticket && bought.ticketSeen) throw new Error(`the ticket that was there is gone from ${url}`)
  const replica = READ_FROM_REPLICA.test(page.text) ? { replica: true as const } : {}
  if (!ticket) return replica
  const { status, bytes } = await browser.open(new URL(ticket.href, url).href)
  if (status !== 200 || bytes.subarray(0, 5).toString() !== '%PDF-') throw new Error(`${status} instead of a ticket at ${ticket.href}`)
  bought.ticketSeen = true
  return { ...replica, ticket: true }
}

function seen(err: unknown): Partial<Entry> {
  const { message, status } = err as Error & { status?: number }
  return { why: message.slice(0, WHY_CHARS_MAX), ...(status ? { status } : {}) }
}
