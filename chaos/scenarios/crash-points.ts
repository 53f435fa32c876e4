import type { Status } from '../../cluster/driver/supervised.ts'
import { machineMs } from '../clock.ts'
import { nobodyNoticed } from '../deaths/box-office.ts'
import type { OddBuyer } from '../deaths/odd-buyers.ts'
import { isAtTheCounter, oddBuyerAt, PLACES } from '../deaths/places.ts'
import { clock, everyPurchaseEnds } from '../deaths/read-ends.ts'
import { failuresIn, purchasesGoOn } from '../purchases.ts'
import { deathAt, type Scenario, type Scene } from '../scenario.ts'

const DEATH_MS_MAX = 30_000
const NEWS_MS_MAX = 5_000
const RETURN_MS_MAX = 30_000
const BOUGHT_MS_MAX = 15_000
/** At most the browser that was served by the process that died is told to wait for longer than it does. */
const UNDER_WAY_MAX = 1

const scenario: Scenario = {
  what: 'A process dies between two things that nothing holds together, at each such place from the click to the mail',
  promise:
    'It comes back by itself; every purchase ends, bought once, given back or never paid; nobody at another counter notices, and at most one browser has to look again',
  needs: 'crash-points',
  runs: PLACES.length,
  gapMsMax: 1_500,
  purchasesFailedMax: UNDER_WAY_MAX,
  load: { holdsPerSecond: 5, salesPerSecond: 1, purchasesPerSecond: 0.5 },
  async run(scene) {
    const place = PLACES[(scene.run - 1) % PLACES.length]!
    const since = await clock(scene)
    const before = await scene.statuses()

    scene.struck()
    scene.crashAt(place)
    const odd = oddBuyerAt(place)
    const buying = odd && buyOddly(scene, odd)

    await deathAt(scene, place, DEATH_MS_MAX)
    const diedMs = machineMs()
    const who = await scene.eventually('news of the death', NEWS_MS_MAX, async () => diedSince(before, await scene.statuses()))
    await scene.eventually('its return', RETURN_MS_MAX, async () => (await scene.missing()).length === 0)
    scene.say(`${who} was back after ${Math.round(machineMs() - diedMs)} ms`)
    await scene.eventually('a purchase that is begun meanwhile', BOUGHT_MS_MAX, async () =>
      scene.stories('purchase').some(({ invokedMs }) => invokedMs >= scene.struckMs())
    )
    if (!isAtTheCounter(place)) nobodyNoticed(scene)
    await purchasesGoOn(scene, UNDER_WAY_MAX)
    scene.figure('browsers that have to look again', failuresIn(scene.stories('purchase').filter(({ first }) => first)).length)
    const oddly = await buying
    await everyPurchaseEnds(scene, since)
    if (odd) await endsAs(scene, oddly, odd.ends)
    return undefined
  }
}

export default scenario

/** @returns The purchase. What its browser was shown is said, and proves nothing: what became of it is looked up. */
async function buyOddly(scene: Scene, odd: OddBuyer): Promise<string | undefined> {
  let purchaseId: string | undefined
  const begun = (id: string) => {
    purchaseId = id
  }
  await odd.buy(scene, begun).catch((err: Error) => scene.say(`who should end as ${odd.ends} was told: ${err.message}`))
  return purchaseId
}

async function endsAs(scene: Scene, purchaseId: string | undefined, state: string): Promise<void> {
  scene.must('the one who comes past it began a purchase', purchaseId !== undefined)
  const { rows } = await scene.query((client) =>
    client.query<{ state: string }>('select state from purchase.purchases where purchase_id = $1', [purchaseId])
  )
  scene.kept(`purchase ${purchaseId} is ${state}, and not ${rows[0]?.state}`, rows[0]?.state === state)
}

function diedSince(before: Status[], after: Status[]): string {
  const restarts = new Map(before.map((status) => [status.name, status.restarts]))
  return after
    .filter((status) => status.restarts > restarts.get(status.name)!)
    .map(({ name }) => name)
    .join(' and ')
}
