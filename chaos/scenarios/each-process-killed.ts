import { machineMs } from '../clock.ts'
import { nobodyNoticed } from '../deaths/box-office.ts'
import { MORTALS, type Notice } from '../deaths/components.ts'
import { clock, everyPurchaseEnds } from '../deaths/read-ends.ts'
import { longestGapMs } from '../figures.ts'
import type { Op } from '../history.ts'
import { betweenMsMax } from '../load/load.ts'
import { readPapers } from '../papers.ts'
import { failuresIn, purchasesGoOn } from '../purchases.ts'
import type { Scenario, Scene } from '../scenario.ts'

const CALM_MS_MAX = 3_000
const RETURN_MS_MAX = 60_000
/** So that somebody comes, and buys, whose whole purchase lies after the death. */
const MEANWHILE_MS = 5_000
/** What whoever died had in hand is made by another when their lease ends. */
const DOCUMENTS_MS_MAX = 60_000
const SALES_PER_SECOND = 2

const scenario: Scenario = {
  what: `Each of the ${MORTALS.length} components in turn is killed at once, while people buy`,
  promise:
    'It comes back by itself; sales pause for at most 5 s when a database node of theirs dies and 1.5 s when anything else does; without its door the shop is back within 5 s; every purchase ends, and documents come within a minute',
  runs: MORTALS.length,
  gapMsMax: 5_000,
  load: { salesPerSecond: SALES_PER_SECOND, purchasesPerSecond: 1, pagesPerSecond: 10 },
  async run(scene) {
    const { name, notice } = MORTALS[(scene.run - 1) % MORTALS.length]!
    const since = await clock(scene)
    await scene.wait(1_000 + scene.random() * (CALM_MS_MAX - 1_000))
    const title = await titleOf(scene, name)

    const before = await restartsOf(scene, name)
    scene.struck()
    const struckAt = new Date().toISOString()
    await scene.kill(name)
    scene.must(`${name} was killed`)

    await scene.eventually('its return', RETURN_MS_MAX, async () => {
      return (await restartsOf(scene, name)) > before && (await scene.missing()).length === 0
    })
    const backMs = Math.round(scene.sinceStruckMs())
    await scene.wait(MEANWHILE_MS - backMs)
    if (!notice.errors) nobodyNoticed(scene)
    await purchasesGoOn(scene, notice.purchasesFailedMax)
    await everyPurchaseEnds(scene, since)
    const documentsMs = await documentsFlow(scene, struckAt)
    tell(scene, title, notice, { backMs, documentsMs })
    return undefined
  }
}

export default scenario

async function titleOf(scene: Scene, name: string): Promise<string> {
  const { leader } = await scene.view()
  return name === leader ? `${name} (which reigns)` : name
}

async function restartsOf(scene: Scene, name: string): Promise<number> {
  return (await scene.statuses()).find((one) => one.name === name)!.restarts
}

/** @returns The longest time in which no order's documents were finished, once all that were sold by now have theirs. */
async function documentsFlow(scene: Scene, struckAt: string): Promise<number> {
  const now = new Date().toISOString()
  const papers = await scene.eventually('documents for every sale', DOCUMENTS_MS_MAX, async () => {
    const sold = (await readPapers(scene, scene.instance)).filter(({ soldAt }) => soldAt < now)
    return sold.every(({ renderedAt }) => renderedAt) && sold
  })
  const doneMs = papers.map(({ renderedAt }) => Date.parse(renderedAt!))
  return longestGapMs(doneMs, Date.parse(struckAt), Date.parse(now))
}

/** The line of the table for this component. */
function tell(scene: Scene, title: string, { salesMsMax, pagesMsMax }: Notice, known: Record<'backMs' | 'documentsMs', number>): void {
  const boxMs = gapMs(scene, 'hold', 'sale')
  const saleMs = gapMs(scene, 'sale')
  const pageMs = gapMs(scene, 'page')
  const pagesFailed = failuresIn(scene.stories('page').filter(({ first }) => first)).length
  const row = { 'back after ms': known.backMs, 'box office gap ms': boxMs, 'sale gap ms': saleMs, 'page gap ms': pageMs }
  for (const [what, value] of Object.entries({ ...row, 'pages failed': pagesFailed, 'document gap ms': known.documentsMs })) {
    scene.figure(what, value)
  }
  scene.say(
    `${title}: back after ${known.backMs} ms; no sale for ${saleMs} ms, no page for ${pageMs} ms (${pagesFailed} failed), no document for ${known.documentsMs} ms`
  )
  scene.kept(`${title}: ${boxMs} ms without a success at the box office, promised ${salesMsMax}`, boxMs <= salesMsMax)
  const saleMsMax = salesMsMax + betweenMsMax(SALES_PER_SECOND)
  scene.kept(`${title}: ${saleMs} ms without a sale, promised ${saleMsMax}`, saleMs <= saleMsMax)
  scene.kept(`${title}: ${pageMs} ms without a page, promised ${pagesMsMax}`, pageMs <= pagesMsMax)
}

/** The longest time without a success since the fault, up to now. */
function gapMs(scene: Scene, ...ops: Op[]): number {
  const oks = ops.flatMap((op) => scene.stories(op)).flatMap(({ oks }) => oks.filter(({ again }) => !again))
  return longestGapMs(
    oks.map(({ atMs }) => atMs),
    scene.struckMs(),
    machineMs()
  )
}
