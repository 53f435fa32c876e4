import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { nodesOf } from '../../chassis/primary.ts'
import type { Instance } from '../../cluster/instance.ts'
import { nextReign, reign, type Scenario } from '../scenario.ts'

const REIGN_MS_MAX = 40_000
const APART_MS = 3_000
const CANCEL_MS = 20
const ANSWER_MS_MAX = 3_000

/** Whoever waits for a second node is told, as by an impatient person, not to wait: the commit is there for all to see, and nowhere else. */
const CANCEL = `
  select count(*) filter (where pg_cancel_backend(pid))::integer as cancelled
  from pg_stat_activity
  where wait_event = 'SyncRep' and usename in ('selling', 'purchase', 'relay')`

const scenario: Scenario = {
  what: 'The PostgreSQL primary is cut off from its standbys, and every commit that waits for them is cancelled',
  promise: 'Nobody is told, and nothing is published, of what only one node has; another one reigns within ten seconds',
  needs: 'addresses',
  gapMsMax: 10_000,
  load: { salesPerSecond: 4 },
  async run(scene) {
    const { leader, epoch, standbys } = await reign(scene)
    const canceller = await openCanceller(scene.instance, leader)
    await scene.wait(scene.random() * 1_000)

    scene.struck()
    await scene.cut([leader], standbys)
    await scene.cut(standbys, [leader])

    const cancelled = canceller.untilGone(REIGN_MS_MAX)
    const next = await nextReign(scene, epoch, REIGN_MS_MAX)
    await scene.wait(APART_MS)
    await scene.rejoin()
    scene.must('commits were cancelled', (await cancelled) > 0)
    scene.say(`${await cancelled} commits were cancelled on ${leader}; reign ${next.epoch} is ${next.leader}'s`)
    return undefined
  }
}

export default scenario

/** A connection from here, whom nobody is cut off from; opened while all is well. */
async function openCanceller({ postgresUrls }: Instance, node: string) {
  const connectionString = nodesOf(postgresUrls.owner)[Number(node.slice(2)) - 1]!
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: ANSWER_MS_MAX, query_timeout: ANSWER_MS_MAX })
  client.on('error', () => {}) // its next question says it
  await client.connect()
  return { untilGone }

  /** Until the primary is made anew, at the latest. @returns How many commits were cancelled. */
  async function untilGone(msMax: number): Promise<number> {
    const deadline = performance.now() + msMax
    let all = 0
    try {
      for (; performance.now() < deadline; await sleep(CANCEL_MS)) {
        const { rows } = await client.query<{ cancelled: number }>(CANCEL)
        all += rows[0]!.cancelled
      }
    } catch {
      // it is gone: what was cancelled until then counts
    }
    client.end().catch(() => {})
    return all
  }
}
