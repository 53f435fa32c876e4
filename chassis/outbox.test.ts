import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { testDatabaseUrl } from '../db/test-database.ts'
import { createLog } from './log.ts'
import { OUTBOX_CHANNEL, openRinger } from './outbox.ts'

t.test('rings that come together are one notification, and a new reign is followed', async (t) => {
  const url = await testDatabaseUrl(t)
  const ears = new pg.Client(url)
  await ears.connect()
  await ears.query(`listen ${OUTBOX_CHANNEL}`)
  let heard = 0
  ears.on('notification', () => heard++)
  const ringer = openRinger(createLog('test', 'silent'))
  t.teardown(async () => {
    await ringer.close()
    await ears.end()
  })

  ringer.follow('postgres://nobody@127.0.0.1:1/nowhere')
  ringer.ring()
  await sleep(50)
  ringer.follow(url)
  for (let i = 0; i < 100; i++) ringer.ring()
  await until(() => heard > 0)

  t.ok(heard <= 2, `${heard} notifications`)
})

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 5_000; waited += 10) await sleep(10)
}
