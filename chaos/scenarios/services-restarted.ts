import { askFailover } from '../../cluster/reign.ts'
import { failuresIn, purchasesGoOn } from '../purchases.ts'
import { nextReign, reign, type Scenario, type Scene } from '../scenario.ts'

const WHOLE_MS_MAX = 60_000
const REIGN_MS_MAX = 30_000
/** Whoever can be started anew without anybody's help, behind the one door. */
const OURS = /^(portal|orchestrator|relay|failover|reservation|billing|issue|deliver)/

/** What an update does: nobody dies, everybody goes once. */
const scenario: Scenario = {
  what: 'Every process behind the door and every node of both databases is stopped in order and started again, one after the other',
  promise: 'No page and no purchase fails; at the box office a counter is closed at most, and sales pause for two seconds at most',
  gapMsMax: 2_000,
  purchasesFailedMax: 0,
  load: { purchasesPerSecond: 0.4, readsPerSecond: 2 },
  async run(scene) {
    const processes = (await scene.statuses()).map(({ name }) => name).filter((name) => OURS.test(name))
    const { leader, epoch, standbys } = await reign(scene)

    scene.struck()
    for (const name of [...processes, ...standbys]) await anew(scene, name)
    const refused = await askFailover(scene.instance, '/switchover', {})
    scene.kept(`the reign can be handed over (${refused?.code})`, refused === undefined)
    const next = await nextReign(scene, epoch, REIGN_MS_MAX)
    await whole(scene)
    for (const name of [leader, 'maria2', 'maria1']) await anew(scene, name)

    scene.say(`${processes.length} processes and five nodes in ${Math.round(scene.sinceStruckMs() / 1_000)} s; ${next.leader} reigns`)
    await purchasesGoOn(scene)
    const failures = failuresIn(await scene.told('read'))
    scene.kept(`no page fails (${failures.join('; ')})`, failures.length === 0)
    const errors = [...scene.stories('sale'), ...scene.stories('hold')].flatMap(({ first }) => (first?.type === 'unknown' ? first : []))
    const strange = errors.filter(({ why }) => why !== 'ECONNREFUSED').map(({ why, status, code }) => why ?? `${status} ${code}`)
    scene.kept(`whoever is let in at the box office is served (${strange.join('; ')})`, strange.length === 0)
    return undefined
  }
}

export default scenario

async function anew(scene: Scene, name: string): Promise<void> {
  await scene.stop(name)
  await scene.start(name)
  await whole(scene)
}

async function whole(scene: Scene): Promise<void> {
  await scene.eventually('a whole shop', WHOLE_MS_MAX, async () => (await scene.missing()).length === 0)
}
