import { readFileSync } from 'node:fs'
import type { PoolClient } from 'pg'
import { isOn } from '../../chassis/packed-numbers.ts'
import type { Instance } from '../../cluster/instance.ts'
import type { Availability } from '../../contracts/selling.ts'
import { machineMs } from '../clock.ts'
import { freezeAll, processesOf, thawAll } from '../processes.ts'
import { reign, type Scenario, type Scene } from '../scenario.ts'

const HELD_MS = 8_000
const LOOK_MS = 250
const ANSWER_MS_MAX = 3_000
/** What a map may be old when it is given. */
const MAP_MS_MAX = 300

const scenario: Scenario = {
  what: 'Both PostgreSQL standbys go on receiving and replay nothing for eight seconds, while people buy',
  promise: 'Sales do not notice, and no map that seats are chosen by shows as free what somebody was told to have',
  runs: 1,
  gapMsMax: 1_500,
  unnoticed: true,
  load: { holdsPerSecond: 6, salesPerSecond: 4 },
  async run(scene) {
    const { standbys } = await reign(scene)
    const replaying = () => processesOf(scene.instance.directory, standbys).filter(isReplaying)
    const wrong = new Set<string>()
    let looked = 0

    scene.struck()
    await freezeAll(replaying)
    try {
      for (; scene.sinceStruckMs() < HELD_MS; await scene.wait(LOOK_MS)) {
        for (const { seat, isFree } of await lookAtAll(scene)) {
          looked++
          if (isFree) wrong.add(seat)
        }
      }
      scene.must('standbys lagged behind', await scene.query(lagging))
    } finally {
      thawAll(replaying())
    }

    scene.must('seats were looked at', looked > 0)
    scene.kept(`no seat that somebody was told to have is shown as free (${[...wrong].join(', ')})`, wrong.size === 0)
    return undefined
  }
}

export default scenario

/** Every seat that somebody was told to have since the fault, as the map of now shows it. */
async function lookAtAll(scene: Scene): Promise<Array<{ seat: string; isFree: boolean }>> {
  const told = [...scene.stories('sale'), ...scene.stories('hold')].filter(({ oks }) => oks[0] && oks[0].atMs < machineMs() - MAP_MS_MAX)
  const since = told.filter(({ invokedMs }) => invokedMs > scene.struckMs())
  const seen = []
  for (const [showId, stories] of Map.groupBy(since, ({ showId }) => showId!)) {
    const taken = await mapOf(scene.instance, showId)
    for (const seatNo of stories.flatMap(({ seatNos }) => seatNos)) seen.push({ seat: `${showId}/${seatNo}`, isFree: !isOn(taken, seatNo) })
  }
  return seen
}

async function mapOf({ reservationUrl, tokens }: Instance, showId: number): Promise<Buffer> {
  const response = await fetch(`${reservationUrl}/shows/${showId}/availability`, {
    headers: { authorization: `Bearer ${tokens.orchestratorToReservation}` },
    signal: AbortSignal.timeout(ANSWER_MS_MAX)
  })
  if (!response.ok) throw new Error(`the map of show ${showId} is not given: ${response.status}`)
  return Buffer.from(((await response.json()) as Availability).taken, 'base64')
}

/** PostgreSQL says in its title who replays. */
function isReplaying(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(': startup ')
  } catch {
    return false
  }
}

/** What they have, they have not replayed. */
async function lagging(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ lag: boolean }>(
    'select count(*) > 1 and bool_and(replay_lsn < flush_lsn) as lag from pg_stat_replication'
  )
  return rows[0]!.lag
}
