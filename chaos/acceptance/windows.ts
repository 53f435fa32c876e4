import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { ROOT } from '../../cluster/instance.ts'

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
const STEP_MS_MAX = 20_000
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const WINDOWS = [
  { name: 'desktop', width: 1280, height: 900, javaScriptEnabled: true },
  { name: 'phone', width: 390, height: 844, javaScriptEnabled: true },
  { name: 'desktop-no-js', width: 1280, height: 900, javaScriptEnabled: false },
  { name: 'phone-no-js', width: 390, height: 844, javaScriptEnabled: false }
]

export async function openChromium(t: Test): Promise<Browser> {
  await mkdir(SCREENSHOTS, { recursive: true })
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
  t.teardown(() => browser.close())
  return browser
}

/** Looks at the page as it is now, under a name. */
export type Look = (name: string) => Promise<void>

/** A window whose every page is kept as a picture and, where scripts run, examined by axe. */
export async function openWindow(t: Test, browser: Browser, { name, width, height, javaScriptEnabled }: (typeof WINDOWS)[number]) {
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
