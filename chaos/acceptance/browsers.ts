import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import type { Instance } from '../../cluster/instance.ts'
import { qrsOf } from './papers.ts'
import { someone } from './shop.ts'
import { type Look, openChromium, openWindow, WINDOWS } from './windows.ts'

const SHOW = 'el-jardin-de-los-relojes'
const WISHED = 'cuentos-del-viento-sur'
const DOCUMENTS_MS_MAX = 60_000

/** A person in front of Chromium: what is bought, what it looks like, and whether everybody can use it. */
export async function inChromium(t: Test, shop: Instance): Promise<void> {
  const browser = await openChromium(t)

  for (const window of WINDOWS) {
    await t.test(`a purchase on ${window.name} ends with tickets that can be downloaded`, async (t) => {
      const { page, look } = await openWindow(t, browser, window)

      await purchase(page, shop, look, window.javaScriptEnabled)

      const download = page.waitForEvent('download')
      await page.locator('#entrada-1').click()
      const qrs = await qrsOf(await readFile(await (await download).path()))
      t.equal(qrs.length, 1)
      t.match(qrs[0], /^TF1\./)
      t.match(await page.locator('#codigo').textContent(), /^[3-9A-Z]{8}$/)
    })
  }

  for (const window of [WINDOWS[1]!, WINDOWS[2]!])
    await t.test(`on ${window.name} who is refused takes what is offered, and who needs more time gets it`, async (t) => {
      const { page, look } = await openWindow(t, browser, window)

      await wishes(page, shop, look, window.javaScriptEnabled)
    })

  await t.test('every other page can be used by everybody, in both languages', async (t) => {
    const { page, look } = await openWindow(t, browser, WINDOWS[0]!)
    const pages = [
      'mis-entradas',
      'mis-entradas?enviado=1',
      'terminos',
      'privacidad',
      'no-hay-nada',
      'funciones/ensayo-abierto',
      'funciones/cordillera-viva',
      'funciones/luz-de-invierno',
      'funciones/clasico-de-leyendas',
      '?lang=en',
      `funciones/${SHOW}?lang=en`
    ]

    for (const path of pages) {
      await page.goto(`${shop.url}/${path}`)
      await look(path.replaceAll(/\W+/g, '-') || 'catalogue')
    }
  })
}

async function purchase(page: Page, shop: Instance, look: Look, scripts: boolean): Promise<void> {
  await page.goto(`${shop.url}/`)
  await look('catalogue')
  await page.locator(`a[href="/funciones/${SHOW}"]`).first().click()
  await look('show')
  await page.locator('#sectores a', { hasText: 'Balcón centro' }).click()
  await chooseTwo(page, scripts)
  await look('seats')
  await page.locator('#reservar').click()
  await look('checkout')
  await page.locator('#pagar').click()
  await page.locator('#errores').waitFor()
  await look('checkout-with-mistakes')
  const person = someone()
  await page.locator('#campo-name').fill(person.name)
  await page.locator('#campo-email').fill(person.email)
  await page.locator('#campo-consent').check()
  await page.locator('#pagar').click()
  if (!scripts) await page.locator('#ir-al-banco').click()
  const approve = page.getByRole('button', { name: /aprobar/i })
  await approve.waitFor()
  await look('bank')
  await approve.click()
  await page.locator('#orden').waitFor()
  await look('order')
  await page.locator('#descargas').waitFor({ timeout: DOCUMENTS_MS_MAX })
  await look('order-with-documents')
}

/** The best seats with a ticket type, more time for them; then seats that would leave one alone, and the offer instead. */
async function wishes(page: Page, shop: Instance, look: Look, scripts: boolean): Promise<void> {
  await page.goto(`${shop.url}/funciones/${WISHED}`)
  await page.locator('#cantidad-1').selectOption('1')
  await page.locator('#cantidad-2').selectOption('1')
  await page.locator('#buscar').click()
  await page.locator('#lineas', { hasText: 'Estudiante' }).waitFor()
  await look('best-seats')
  await page.locator('#campo-name').fill('Ana Araya')
  await page.locator('#mas-tiempo').click()
  await page.locator('#aviso', { hasText: 'tienes tiempo hasta' }).waitFor()
  await look('more-time')
  await page.locator('#soltar').click()
  await page.locator('#mensaje[data-code=released]').waitFor()

  await page.goto(`${shop.url}/funciones/${WISHED}`)
  await page.locator('#sectores a', { hasText: 'Galería izquierda' }).click()
  await chooseTwo(page, scripts, 0, 2)
  if (scripts) await page.locator('#resumen-tipos summary').click()
  await look('seats-with-types')
  await page.locator('#reservar').click()
  await page.locator('#mensaje[data-code=ORPHAN_SEAT]').waitFor()
  await look('orphan-seat')
  await page.locator('#ofertas button').first().click()
  await page.locator('#lineas').waitFor()
  await look('offer-taken')
  await page.locator('#soltar').click()
  await page.locator('#mensaje[data-code=released]').waitFor()
}

async function chooseTwo(page: Page, scripts: boolean, one = 10, other = 11): Promise<void> {
  const seats = page.locator(scripts ? '#asientos circle[id^=s]' : '#por-fila label')
  await seats.nth(one).click()
  await seats.nth(other).click()
}
