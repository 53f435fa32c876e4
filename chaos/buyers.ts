import { commandLine, endWith } from '../cluster/arguments.ts'
import { type Browser, openBrowser, type Page } from '../cluster/browser.ts'
import { bought, checkOut, checkoutForm, hold, isRefused, openShow, payAtBank, seatPages, seatsOn, unexpected } from '../cluster/buyer.ts'
import { readInstance } from '../cluster/instance.ts'

const SEATS_PER_ATTEMPT_MAX = 3

export interface Crowd {
  shopUrl: string
  show: string | undefined
  buyers: number
  attempts: number
  /** How many seats all of them want. */
  seats: number
}

/** One attempt as its buyer saw it. `unknown` is honest: a timeout may have worked. */
export interface Attempt {
  seats: string[]
  outcome: 'ok' | 'refused' | 'unknown'
  orderId?: string
  why?: string
}

export interface Rush {
  attempts: number
  ok: number
  refused: number
  unknown: number
  seatsSold: number
  /** Seats that two buyers were told are theirs. */
  doubled: string[]
  /** What the buyers with unknown outcome saw. */
  puzzles: string[]
  seconds: number
}

/** Buyers who all want the same few seats, each with a browser of its own, one attempt after another. */
export async function rush(crowd: Crowd): Promise<Rush> {
  const began = performance.now()
  const { url, seats } = await contestedSeats(crowd)
  const left = Array.from({ length: crowd.attempts }, (_, i) => i)
  const history: Attempt[] = []
  await Promise.all(
    Array.from({ length: crowd.buyers }, async (_, buyer) => {
      for (let n = left.shift(); n !== undefined; n = left.shift())
        history.push(await attempt(url, wanted(seats, n), `comprador.${buyer}@ejemplo.cl`))
    })
  )
  return summary(history, (performance.now() - began) / 1_000)
}

/** A section of the show with enough free seats, and the first of them. */
async function contestedSeats({ shopUrl, show, seats }: Crowd): Promise<{ url: string; seats: string[] }> {
  const browser = openBrowser()
  for (const url of seatPages(await openShow(browser, shopUrl, show))) {
    const choice = seatsOn(await browser.open(url), seats)
    if (choice) return { url, seats: [choice.filled.asiento ?? []].flat() }
  }
  throw new Error(`no section has ${seats} free seats`)
}

/** One to three of the seats, spread by an irrational step: the same for every run, and contested. */
function wanted(seats: string[], attempt: number): string[] {
  const first = Math.floor(((attempt * Math.SQRT2) % 1) * seats.length)
  const count = 1 + (attempt % SEATS_PER_ATTEMPT_MAX)
  return Array.from({ length: count }, (_, i) => seats[(first + i) % seats.length]!)
}

async function attempt(url: string, seats: string[], email: string): Promise<Attempt> {
  const browser = openBrowser()
  try {
    const page = await browser.open(url)
    const form = page.forms.find(({ action, method }) => method === 'POST' && /compras/.test(action))
    if (!form) throw unexpected(page, 'the form of a section')
    const checkout = await hold(browser, { page, form, filled: { asiento: seats } })
    if (isRefused(checkout)) return { seats, outcome: 'refused' }
    const way = await checkOut(browser, checkout, { name: 'Gente Apurada', email })
    if (checkoutForm(way)) {
      await letGo(browser, way) // who has as many tickets as one may have
      return { seats, outcome: 'refused' }
    }
    const { orderId } = await bought(browser, await payAtBank(browser, way))
    return { seats, outcome: 'ok', orderId }
  } catch (err) {
    return { seats, outcome: 'unknown', why: (err as Error).message }
  }
}

async function letGo(browser: Browser, checkout: Page): Promise<void> {
  const form = checkout.forms.find(({ action }) => action.endsWith('/soltar'))
  if (form) await browser.submit(checkout, form)
}

function summary(history: Attempt[], seconds: number): Rush {
  const count = (outcome: Attempt['outcome']) => history.filter((attempt) => attempt.outcome === outcome).length
  const sold = history.filter(({ outcome }) => outcome === 'ok').flatMap(({ seats }) => seats)
  return {
    attempts: history.length,
    ok: count('ok'),
    refused: count('refused'),
    unknown: count('unknown'),
    seatsSold: new Set(sold).size,
    doubled: [...new Set(sold.filter((seat, i) => sold.indexOf(seat) !== i))],
    puzzles: history.flatMap(({ why }) => why ?? []),
    seconds: Math.round(seconds * 10) / 10
  }
}

function report({ attempts, ok, refused, unknown, seatsSold, doubled, puzzles, seconds }: Rush): string {
  return [
    `${attempts} attempts in ${seconds} s: ${ok} bought, ${refused} refused, ${unknown} unknown; ${seatsSold} seats sold`,
    ...doubled.map((seat) => `  - seat ${seat} was sold to two buyers`),
    ...puzzles.map((why) => `  - unknown: ${why}`)
  ].join('\n')
}

if (import.meta.main) await main().catch(endWith)

async function main(): Promise<void> {
  const { instance, values } = commandLine({
    buyers: { type: 'string', default: '20' },
    attempts: { type: 'string', default: '200' },
    seats: { type: 'string', default: '50' },
    show: { type: 'string' },
    json: { type: 'boolean', default: false }
  } as const)
  const { url } = await readInstance(instance)
  const counts = { buyers: Number(values.buyers), attempts: Number(values.attempts), seats: Number(values.seats) }
  const result = await rush({ shopUrl: url, show: values.show, ...counts })
  const holds = result.doubled.length === 0 && result.unknown === 0 && result.ok > 0
  console.log(values.json ? JSON.stringify({ ...result, holds }) : report(result))
  process.exitCode = holds ? 0 : 1
}
