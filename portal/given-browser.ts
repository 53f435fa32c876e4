import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { createServer } from '../chassis/server.ts'
import { answerPages } from './error-pages.ts'
import { PAGES } from './given-pages.ts'
import { render, wordsOf } from './render.ts'
import { dressSite, policy } from './site.ts'

const CHROMIUM = '/usr/bin/chromium'
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync']
]
const HOST = `127.107.${(process.pid >> 8) & 255}.${1 + (process.pid % 254)}` // this test's own, however many run
const PHONE = { width: 390, height: 844 }
export const URL_ = `http://${HOST}:3000`
export const skip = existsSync(CHROMIUM) ? false : 'no Chromium on this machine'

/** Every page in each of its states, in a browser with scripts and in one without. */
export async function givenBrowser(
  t: Test
): Promise<{ browser: BrowserContext; plain: BrowserContext; posted: Array<Record<string, unknown>>; finish: () => void }> {
  const posted: Array<Record<string, unknown>> = []
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
  for (const path of ['/compras', '/compras/tipos', '/compras/:id/pago', '/compras/:id/extender', '/banco'])
    app.post(path, (request, reply) => {
      posted.push({ path: request.url, ...(request.body as object) })
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

export async function opened(browser: BrowserContext, path: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (err) => void complaints.push(err.message))
  await page.goto(URL_ + path)
  return { page, complaints }
}

/** What axe-core finds. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = (await page.evaluate('axe.run(document)')) as { violations: Array<{ id: string; nodes: Array<{ html: string }> }> }
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

/** The boxes that are ticked. */
export function chosen(page: Page): Promise<string[]> {
  return page.locator('input[name=asiento]:checked').evaluateAll((boxes) => boxes.map((box) => (box as unknown as { value: string }).value))
}
