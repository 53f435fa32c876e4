import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConfirmChannel } from 'amqplib'
import t from 'tap'
import { openBroker } from './broker.ts'
import { createLog } from './log.ts'

const log = createLog('test', 'silent')
const WAIT_MS_MAX = 8_000

t.test('a channel that breaks is replaced by one that was set up like the first', async (t) => {
  const channels: ConfirmChannel[] = []
  const broker = await openBroker(process.env.TEST_BROKER_URL ?? '', log, async (channel) => {
    await channel.assertQueue('', { exclusive: true })
    channels.push(channel)
  })
  t.teardown(() => broker.close())
  await until(() => channels.length === 1)

  channels[0]?.publish(`no-such-exchange-${randomUUID()}`, 'x', Buffer.from('x')) // the broker closes a channel that does this

  await until(() => channels.length === 2)
  t.ok(await channels[1]?.assertQueue('', { exclusive: true }))
})

t.test('a broker that is away is no error: the process goes on, and asks again', async (t) => {
  let failures = 0
  let channels = 0
  const broker = await openBroker('amqp://127.105.8.1:5672', log, async () => {
    channels++
  })
  t.teardown(() => broker.close())

  broker.on('connect-failed', () => failures++)

  await until(() => failures >= 3)
  t.equal(channels, 0)
})

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it never came true')
    await sleep(20)
  }
}
