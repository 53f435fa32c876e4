import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { peer } from '../../chassis/call.ts'
import { Refusal } from '../../chassis/errors.ts'
import { type Browser, openBrowser, type Page } from '../../cluster/browser.ts'
import { bestOf, checkOut, checkoutForm, hold, openShow, payAtBank, unexpected } from '../../cluster/buyer.ts'
import type { Scene } from '../scenario.ts'

const SHOW_MS_MAX = 15_000
const CALL_MS_MAX = 12_000

/** What a buyer does whom nobody else in the crowd plays. */
export interface OddBuyer {
  /** What their purchase comes to, whatever died meanwhile. */
  ends: string
  /**
   * @param begun - Told of the purchase as soon as it has an address.
   * @throws Error what their browser was shown instead.
   */
  buy: (scene: Scene, begun: (purchaseId: string) => void) => Promise<void>
}

/** Asks for more time, and then lets go of what they hold. */
export const wavering: OddBuyer = {
  ends: 'released',
  async buy(scene, begun) {
    const { browser, page, purchaseId } = await checkout(scene)
    begun(purchaseId)
    const extended = await browser.submit(page, formOf(page, /\/pago$/), {}, /tiempo/)
    await browser.submit(extended, formOf(extended, /\/soltar$/))
  }
}

/** Is at the bank when somebody else is given the seats, and pays: the money goes back. */
export const tooLate: OddBuyer = {
  ends: 'refunded',
  async buy(scene, begun) {
    const { browser, page, purchaseId } = await checkout(scene)
    const toBank = await checkOut(browser, page, { name: 'Tarde Prueba', email: `caos.${purchaseId}@ejemplo.cl` })
    begun(purchaseId)
    await giveAway(scene, purchaseId)
    await payAtBank(browser, toBank)
  }
}

async function checkout(scene: Scene): Promise<{ browser: Browser; page: Page; purchaseId: string }> {
  const browser = openBrowser()
  const page = await hold(browser, bestOf(await openShow(browser, scene.instance.url, await showOf(scene)), 1))
  const purchaseId = /\/compras\/([0-9a-f-]{36})/.exec(page.url)?.[1]
  if (!checkoutForm(page) || !purchaseId) throw unexpected(page, 'the checkout')
  return { browser, page, purchaseId }
}

/** Where browsers buy. */
function showOf({ query, eventually }: Scene): Promise<string> {
  return eventually('a purchase of somebody else', SHOW_MS_MAX, () =>
    query(async (client) => {
      const { rows } = await client.query<{ code: string }>(
        'select code from selling.shows join purchase.purchases using (show_id) order by made_at desc limit 1'
      )
      return rows[0]?.code
    })
  )
}

/** The hold of a purchase is let go behind its back, and what it held is held for a stranger. */
async function giveAway({ instance, query }: Scene, purchaseId: string): Promise<void> {
  const { reservationUrls, tokens } = instance
  const seller = peer(reservationUrls.join(','), tokens.orchestratorToReservation, CALL_MS_MAX)
  const held = await query(async (client) => {
    const { rows } = await client.query<{ showId: number; seatNos: number[] }>(
      'select show_id as "showId", seat_nos as "seatNos" from selling.holds where hold_id = $1',
      [purchaseId]
    )
    return rows[0]
  })
  assert(held, 'who is at the checkout holds something')
  await seller.call('DELETE', `/holds/${purchaseId}`)
  await seller.call('PUT', `/holds/${randomUUID()}`, { ...held, places: [] }).catch((err: unknown) => {
    if (!(err instanceof Refusal)) throw err // somebody of the crowd was faster: as good
  })
}

function formOf(page: Page, action: RegExp) {
  const form = page.forms.find((form) => action.test(form.action))
  if (!form) throw unexpected(page, `a form to ${action.source}`)
  return form
}
