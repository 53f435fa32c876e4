import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { createServer } from '../chassis/server.ts'
import type { Language } from '../contracts/values.ts'
import { answerPages } from './error-pages.ts'
import { PURCHASE_ID } from './given.ts'
import { PAGES } from './given-pages.ts'
import { render, wordsOf } from './render.ts'
import { dressSite, policy } from './site.ts'

const CHROMIUM = '/usr/bin/chromium'
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync']
]
const HOST = `127.107.${(process.pid >> 8) & 255}.${1 + (process.pid % 254)}` // this test's own, however many run
const URL_ = `http://${HOST}:3000`
const PHONE = { width: 390, height: 844 }
const skip = existsSync(CHROMIUM) ? false : 'no Chromium on this machine'

t.test('in a browser', { skip, timeout: 220_000 }, async (t) => {
  const { browser, plain, posted, finish } = await givenBrowser(t)

  await t.test('every page is free of what axe-core finds, fits a phone and breaks no policy', async (t) => {
    const { page, complaints } = await opened(browser, '/catalogue?lang=es')
    for (const name of Object.keys(PAGES)) {
      for (const language of ['es', 'en'] as Language[]) {
        await page.goto(`${URL_}/${name}?lang=${language}`)
        if (language === 'es') t.strictSame(await violationsOf(page), [], name)
        t.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0, `${name} is not wider than a phone`)
        t.strictSame(complaints, [], `${name} in ${language} loads what it names`)
      }
    }
    await page.close()
  })

  await t.test('seats are chosen on the map by touch and by keyboard, and the form has the same', async (t) => {
    const { page } = await opened(browser, '/section?lang=es')

    await page.locator('#s1').click()
    await page.locator('#s1').press('ArrowRight')
    await page.keyboard.press('Space')

    t.strictSame(await chosen(page), ['1', '3'], 'the taken seat between them is passed over')
    t.equal(await page.locator('#s3').getAttribute('aria-label'), 'Fila A Platea, $\u00a045.000, Asiento 3')
    t.match(String(await page.locator('#resumen').textContent()).replaceAll('\u00a0', ' '), /2 asientos[\s\S]*\$ 93\.000/)
    await page.locator('#s1').click()
    t.strictSame(await chosen(page), ['3'])
    await page.close()
  })

  await t.test('the eleventh seat is not taken, and the page says why', async (t) => {
    const { page } = await opened(browser, '/section?lang=es')

    for (let seatNo = 3; seatNo <= 16; seatNo++) if (seatNo % 6 !== 2) await page.locator(`#s${seatNo}`).click()

    t.equal((await chosen(page)).length, 10)
    t.match(await page.locator('#resumen-aviso').textContent(), /el máximo por compra/)
    await page.close()
  })

  await t.test('without JavaScript the same seats are boxes in rows, and nothing is promised that does not work', async (t) => {
    const { page } = await opened(plain, '/section')

    await page
      .getByRole('group', { name: /Fila B/ })
      .getByLabel('3', { exact: true })
      .check()
    await page.getByRole('button', { name: 'Reservar asientos' }).click()

    t.match(posted.at(-1), { compra: PURCHASE_ID, funcion: '7', codigo: 'luz-de-invierno', sector: '1', asiento: '9' })
    await page.goto(`${URL_}/section`)
    t.equal(await page.locator('.needs-js:visible').count(), 0)
    await page.goto(`${URL_}/checkout`)
    t.match(await page.locator('#reserva .hint:visible').textContent(), /Reservado para ti hasta las 09:10/)
    await page.close()
  })

  await t.test('time runs on the checkout, and the way to the bank goes by itself', async (t) => {
    const { page } = await opened(browser, '/checkout')
    const first = String(await page.locator('#cuenta').textContent())
    await page.locator('#cuenta', { hasNotText: first }).waitFor()
    await page.goto(`${URL_}/going`)
    await page.waitForURL('**/banco')

    t.match(posted.at(-1), { token_ws: 'abc' })
    await page.close()
  })

  await t.test('documents appear by themselves', async (t) => {
    const { page } = await opened(browser, '/waiting?lang=es')

    t.match(await page.locator('#documentos-estado').textContent(), /En proceso/)
    finish()
    await page.locator('#descargas').waitFor()

    t.equal(await page.locator('#descargas a').count(), 4)
    await page.close()
  })
})

async function givenBrowser(t: Test): Promise<{ browser: BrowserContext; plain: BrowserContext; posted: unknown[]; finish: () => void }> {
  const posted: unknown[] = []
  const app = createServer(createLog('test', 'fatal'), answerPages)
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>()
  let documented = false
  await dressSite(app, URL_, 'the secret of these tests')
  app.get<{ Params: { name: string } }>('/:name', async (request, reply) => {
    const asked = request.params.name
    const name = asked === 'waiting' ? (documented ? 'order' : 'pending') : asked === 'going' ? 'bank' : asked
    const words = wordsOf(request)
    const { name: template, page, options } = PAGES[name]!(words)
    if (template === 'bank') reply.helmet({ contentSecurityPolicy: policy([URL_]) })
    return render(request, reply, template, page, {
      title: name,
      ...(asked === 'waiting' ? { scripts: ['live.js'] } : {}),
      ...(asked === 'going' ? { scripts: ['again.js'] } : {}),
      ...options
    })
  })
  app.get('/compras/:id/eventos', async (_request, reply) => {
    await finished
    documented = true
    return reply.type('text/event-stream').send('event: changed\ndata: 1\n\n')
  })
  for (const path of ['/compras', '/banco'])
    app.post(path, (request, reply) => {
      posted.push(request.body)
      return reply.type('text/html').send('<!doctype html><title>sent</title>')
    })
  await app.listen({ host: HOST, port: 3000 })
  const [browser, plain] = await Promise.all([launched(t, true), launched(t, false)])
  t.teardown(() => app.close())
  return { browser, plain, posted, finish }
}

async function launched(t: Test, javaScriptEnabled: boolean): Promise<BrowserContext> {
  const directory = await mkdtemp(join(tmpdir(), 'portal-pages-'))
  const options = {
    executablePath: CHROMIUM,
    args: FLAGS,
    locale: 'es-CL',
    viewport: PHONE,
    reducedMotion: 'reduce',
    javaScriptEnabled
  } as const
  const context = await chromium.launchPersistentContext(directory, options)
  t.teardown(async () => {
    await context.close()
    await rm(directory, { recursive: true, force: true })
  })
  return context
}

async function opened(browser: BrowserContext, path: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (err) => void complaints.push(err.message))
  await page.goto(URL_ + path)
  return { page, complaints }
}

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = (await page.evaluate('axe.run(document)')) as { violations: Array<{ id: string; nodes: Array<{ html: string }> }> }
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

function chosen(page: Page): Promise<string[]> {
  return page.locator('input[name=asiento]:checked').evaluateAll((boxes) => boxes.map((box) => (box as unknown as { value: string }).value))
}
