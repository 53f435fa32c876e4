import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { type Instance, ROOT } from '../../cluster/instance.ts'
import { qrsOf } from './papers.ts'
import { someone } from './shop.ts'

const SCREENSHOTS = join(ROOT, 'artifacts', 'screenshots')
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]
const SHOW = 'el-jardin-de-los-relojes'
const STEP_MS_MAX = 20_000
const DOCUMENTS_MS_MAX = 60_000
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const WINDOWS = [
  { name: 'desktop', width: 1280, height: 900, javaScriptEnabled: true },
  { name: 'phone', width: 390, height: 844, javaScriptEnabled: true },
  { name: 'desktop-no-js', width: 1280, height: 900, javaScriptEnabled: false },
  { name: 'phone-no-js', width: 390, height: 844, javaScriptEnabled: false }
]

/** A person in front of Chromium: what is bought, what it looks like, and whether everybody can use it. */
export async function inChromium(t: Test, shop: Instance): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true })
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
  t.teardown(() => browser.close())

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

type Look = (name: string) => Promise<void>

/** A window whose every page is kept as a picture and, where scripts run, examined by axe. */
async function openWindow(t: Test, browser: Browser, { name, width, height, javaScriptEnabled }: (typeof WINDOWS)[number]) {
  const context = await browser.newContext({
    viewport: { width, height },
    javaScriptEnabled,
    locale: 'es-CL',
    timezoneId: 'America/Santiago'
  })
  context.setDefaultTimeout(STEP_MS_MAX)
  t.teardown(() => context.close())
  const page = await context.newPage()
  let count = 0
  page.on('pageerror', (err) => t.fail(`a script failed: ${err.message}`))
  const look: Look = async (title) => {
    count++
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${String(count).padStart(2, '0')}-${title}.png`), fullPage: true })
    const wide = await page.evaluate('document.documentElement.scrollWidth')
    t.ok(Number(wide) <= width, `${title} is no wider than the window`)
    if (javaScriptEnabled) t.strictSame(await barriers(page), [], `${title} has no barrier`)
  }
  return { page, look }
}

/** axe runs beside the page, so that the page's own rules about scripts stay as they are. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const violations = await page.evaluate<Array<{ id: string; nodes: Array<{ html: string }> }>>(
    'axe.run().then(({ violations }) => violations)'
  )
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ html }) => html)
        .slice(0, 3)
        .join(' ')}`
  )
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

async function chooseTwo(page: Page, scripts: boolean): Promise<void> {
  if (scripts) {
    const dots = page.locator('#asientos circle[id^=s]')
    await dots.nth(10).click()
    await dots.nth(11).click()
  } else {
    const labels = page.locator('#por-fila label')
    await labels.nth(10).click()
    await labels.nth(11).click()
  }
}
