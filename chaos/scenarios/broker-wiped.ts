import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { PoolClient } from 'pg'
import { purchasesGoOn } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'

const QUEUED_MS = 4_000
const AGAIN_MS_MAX = 360_000
const STILL_SECONDS_MAX = 480 // what was lost is published again when its documents are five minutes late

const scenario: Scenario = {
  what: 'RabbitMQ loses its disk while events wait in its queues',
  promise: 'Sales do not notice; every sale gets its documents, once, the lost ones within minutes',
  runs: 1,
  apart: 'what was lost is published again when its documents are five minutes late',
  gapMsMax: 1_500,
  unnoticed: true,
  purchasesFailedMax: 0,
  stillSecondsMax: STILL_SECONDS_MAX,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.3 },
  async run(scene) {
    await scene.stop('issue', 'deliver')
    const stopped = await scene.query(clock)
    await scene.wait(QUEUED_MS)
    const queued = await scene.query((client) => publishedSince(client, stopped))
    scene.must('events were in its queues', queued.length > 0)

    scene.struck()
    await scene.end('rabbitmq')
    rmSync(join(scene.instance.directory, 'data', 'rabbitmq'), { recursive: true })
    const wiped = await scene.query(clock)
    await scene.start('rabbitmq')
    await scene.start('issue', 'deliver')
    await scene.eventually('what was lost, published again', AGAIN_MS_MAX, async () => {
      const again = await scene.query((client) => publishedSince(client, wiped))
      return queued.every((eventId) => again.includes(eventId))
    })
    scene.must('all that was lost was published again')
    await purchasesGoOn(scene)
    return undefined
  }
}

export default scenario

/** As the primary tells the time. */
async function clock(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ now: string }>('select clock_timestamp()::text as now')
  return rows[0]!.now
}

async function publishedSince(client: PoolClient, time: string): Promise<string[]> {
  const { rows } = await client.query<{ eventId: string }>('select event_id as "eventId" from selling.outbox where published_at > $1', [
    time
  ])
  return rows.map(({ eventId }) => eventId)
}
