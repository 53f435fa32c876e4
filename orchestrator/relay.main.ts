import { Type } from '@fastify/type-provider-typebox'
import type { ConfirmChannel } from 'amqplib'
import { openBell } from '../chassis/bell.ts'
import { openBroker } from '../chassis/broker.ts'
import { readConfig } from '../chassis/config.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import { watchPrimary } from '../chassis/primary.ts'
import { answerReady } from '../chassis/ready.ts'
import { repeat } from '../chassis/repeat.ts'
import { createServer, onlyWith } from '../chassis/server.ts'
import { EXCHANGE } from '../contracts/contract.ts'
import { Uuid } from '../contracts/values.ts'
import { RelayConfig } from './config.ts'
import { publishAgain, relayOnce } from './relay.ts'

const config = readConfig(RelayConfig, process.env)
const log = createLog('relay', config.LOG_LEVEL)
const metrics = openMetrics('relay')
const life = lifecycle(log, config.STOP_MS_MAX)

// A process of its own: without the broker no event leaves, and every seat still sells.
let channel: ConfirmChannel | undefined
let blocked = false // the broker is short of memory or disk: what is sent now it would neither take nor refuse
let bell = { close: async () => {} }

const primary = life.use('postgres', watchPrimary(config.OUTBOX_NODES, log), (primary) => primary.close())
metrics.watchPool('postgres', primary.pool)
const broker = await openBroker(config.BROKER_URL, log, async (opened) => {
  await opened.assertExchange(EXCHANGE, 'topic', { durable: true })
  opened.on('close', () => {
    channel = undefined
  })
  channel = opened
  blocked = false
  relay.nudge()
})
broker.on('blocked', () => {
  log.warn('broker blocked')
  blocked = true
})
broker.on('unblocked', () => {
  log.info('broker unblocked')
  blocked = false
  relay.nudge()
})
life.use('rabbitmq', broker, (broker) => broker.close())

const pass = async () => (channel && !blocked ? relayOnce(primary.pool(), channel, log) : 0)
const relay = life.use('relay', repeat(log, config.RELAY_IDLE_MS, pass), (relay) => relay.stop())
life.use('bell', null, () => bell.close()) // the one of the last reign
primary.onReign((node) => {
  bell.close().catch((err: unknown) => log.warn({ err }, 'old bell not closed')) // not awaited: its node may be frozen
  bell = openBell(node, log, relay.nudge)
})

const app = life.use('http', createServer(log), (app) => app.close())
answerMetrics(app, metrics)
answerReady(app, { postgres: primary.pool, rabbitmq: () => channel !== undefined, 'room in rabbitmq': () => !blocked })
app.post(
  '/subjects/:subject/again',
  { onRequest: onlyWith(config.ORCHESTRATOR_TO_RELAY_TOKEN), schema: { params: Type.Object({ subject: Uuid }) } },
  async ({ params }) => {
    const events = await publishAgain(primary.pool(), params.subject.toLowerCase())
    relay.nudge()
    return { events }
  }
)
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
