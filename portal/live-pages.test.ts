import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Pool } from 'pg'
import { chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { createPortal } from './app.ts'
import { givenCatalogue } from './given-catalogue.ts'
import { openOrchestrator } from './orchestrator.ts'

const CHROMIUM = '/usr/bin/chromium'
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync']
]
const HOST = `127.108.${(process.pid >> 8) & 255}.${1 + (process.pid % 254)}` // this test's own, however many run
const SITE = `http://${HOST}:3000`
const SECRET = 'the secret of these tests'
const PHONE = { width: 390, height: 844 }
const NEWS_MS_MAX = 20_000
const skip = existsSync(CHROMIUM) ? false : 'no Chromium on this machine'

t.test('while a page is open', { skip, timeout: 200_000 }, async (t) => {
  const { owner, open, break: breakFeed } = await givenShop(t)

  await t.test('a seat that somebody takes looks taken, can no longer be chosen, and the age is told', async (t) => {
    const page = await open(t, '/funciones/abierta/sectores/1')

    await sell(owner, 6)
    await page.locator('#s6.gone').waitFor()

    t.ok(await page.locator('input[value="6"]').isDisabled())
    await page.locator('#s6').click({ force: true }) // as people click, who do not read attributes
    t.strictSame(await chosen(page), [])
    t.match(await page.locator('#s6').getAttribute('aria-label'), /Ocupado$/)
    t.match(await page.locator('#visto').textContent(), /^Disponibilidad vista hace \d+ s$/)
    t.strictSame(await violationsOf(page), [])
  })

  await t.test('a chosen seat stays chosen when it is taken, and the page names it', async (t) => {
    const page = await open(t, '/funciones/abierta/sectores/1')
    for (const seatNo of [8, 9]) await page.locator(`#s${seatNo}`).click()

    await sell(owner, 9)
    await page.locator('#aviso-ocupados', { hasText: 'Fila C · Asiento 1' }).waitFor()

    t.strictSame(await chosen(page), ['8', '9'])
    t.strictSame(await violationsOf(page), [])
    await page.locator('#s9').click()
    t.strictSame(await chosen(page), ['8'], 'it can be let go, and then it is taken like any other')
    t.equal(await page.locator('#aviso-ocupados').textContent(), '')
    t.ok(await page.locator('input[value="9"]').isDisabled())
  })

  await t.test('a seat that comes back can be chosen, with what was chosen before', async (t) => {
    const page = await open(t, '/funciones/abierta/sectores/1')
    await page.locator('#s12').click()

    await free(owner, 2)
    await page.locator('#aviso-liberados', { hasText: 'Se liberó 1 asiento' }).waitFor()
    t.strictSame(await violationsOf(page), [])
    await page.locator('circle[data-seat="2"]').click()
    await page.waitForURL('**asientos=**')

    t.strictSame(await chosen(page), ['2', '12'])
  })

  await t.test('the numbers of a show follow, and grow old in plain sight while there is no news', async (t) => {
    const page = await open(t, '/funciones/abierta')
    const places = page.locator('[data-free="zona-1"]')
    t.match(await places.textContent(), /^3\slibres$/)

    await owner.query('update selling.show_zones set sold = 4 where show_id = 1')
    await places.filter({ hasText: /^1\slibre$/ }).waitFor()
    breakFeed()
    await page.locator('#visto', { hasText: /hace (9|1\d) s/ }).waitFor()

    t.match(await page.locator('[data-free="sector-1"]').textContent(), /libres$/)
  })

  await t.test('a page that nobody looks at asks for nothing', async (t) => {
    const page = await open(t, '/funciones/abierta')
    let asked = 0
    await page.route('**/disponibilidad.json', (route) => {
      asked++
      return route.fulfill({ status: 503 })
    })
    await look(page, 'hidden')

    await page.waitForTimeout(6_000)

    t.equal(asked, 0)
    await look(page, 'visible')
    await page.waitForTimeout(1_000)
    t.equal(asked, 1, 'and at once when somebody is back')
  })
})

/** A shop with a browser in front of it, and the owner of what is sold. */
async function givenShop(t: Test) {
  const [url, log] = [await testDatabaseUrl(t), createLog('test', 'fatal')]
  const [owner, pool] = [openPool(url, log), openPool(`${url}?options=-c%20role%3Dcatalogue`, log)]
  await givenCatalogue(owner)
  const orchestrator = openOrchestrator('http://127.108.0.9:3009', SECRET)
  const app = await createPortal(log, { pool: () => pool, orchestrator, publicUrl: SITE, cookieSecret: SECRET })
  let broken = false
  app.addHook('onRequest', async (request, reply) => {
    if (broken && request.url.endsWith('.json')) await reply.code(503).send()
  })
  await app.listen({ host: HOST, port: 3000 })
  const directory = await mkdtemp(join(tmpdir(), 'portal-live-'))
  const options = { executablePath: CHROMIUM, args: FLAGS, locale: 'es-CL', viewport: PHONE, reducedMotion: 'reduce' } as const
  const browser = await chromium.launchPersistentContext(directory, options)
  browser.setDefaultTimeout(NEWS_MS_MAX)
  t.teardown(async () => {
    await browser.close()
    await app.close()
    orchestrator.close()
    await Promise.all([owner.end(), pool.end(), rm(directory, { recursive: true, force: true })])
  })
  return { owner, open, break: () => (broken = true) }

  async function open(t: Test, path: string): Promise<Page> {
    const page = await browser.newPage()
    page.on('pageerror', (err) => t.fail(`a script failed: ${err.message}`))
    await page.goto(SITE + path)
    t.teardown(() => page.close())
    return page
  }
}

async function sell(owner: Pool, seatNo: number): Promise<void> {
  await owner.query("update selling.seats set state = 'sold', holder_id = gen_random_uuid() where show_id = 1 and seat_no = $1", [seatNo])
}

async function free(owner: Pool, seatNo: number): Promise<void> {
  await owner.query("update selling.seats set state = 'free', holder_id = null, held_until = null where show_id = 1 and seat_no = $1", [
    seatNo
  ])
}

/** As a browser tells a page that its tab went to the back, or came to the front. */
async function look(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${state === 'hidden'} })
    document.dispatchEvent(new Event('visibilitychange'))`)
}

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = (await page.evaluate('axe.run(document)')) as { violations: Array<{ id: string; nodes: Array<{ html: string }> }> }
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

function chosen(page: Page): Promise<string[]> {
  return page.locator('input[name=asiento]:checked').evaluateAll((boxes) => boxes.map((box) => (box as unknown as { value: string }).value))
}
