import { Type } from '@fastify/type-provider-typebox'
import type { ConfirmChannel } from 'amqplib'
import { openBell } from '../chassis/bell.ts'
import { readConfig } from '../chassis/config.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import { watchPrimary } from '../chassis/primary.ts'
import { openPublisher } from '../chassis/publisher.ts'
import { answerReady } from '../chassis/ready.ts'
import { repeat } from '../chassis/repeat.ts'
import { createServer, onlyWith } from '../chassis/server.ts'
import { Uuid } from '../contracts/values.ts'
import { RelayConfig } from './config.ts'
import { publishAgain, relayOnce } from './relay.ts'
import { sessionName, takeOverClaims, withSessionName } from './relay-claims.ts'
import { remind } from './relay-mark.ts'

const config = readConfig(RelayConfig, process.env)
const log = createLog('relay', config.LOG_LEVEL)
const metrics = openMetrics('relay')
const life = lifecycle(log, config.STOP_MS_MAX)

// A process of its own: without the broker no event leaves, and every seat still sells.
let bell = { close: async () => {} }
let reminded: ConfirmChannel | undefined // a broker that was away may have lost its disk
let claimsAreOurs = false // of every reign anew: what a pass of the last one had claimed nobody will mark

const session = sessionName()
const primary = life.use('postgres', watchPrimary(withSessionName(config.OUTBOX_NODES, session), log), (primary) => primary.close())
metrics.watchPool('postgres', primary.pool)
const publisher = life.use('rabbitmq', await openPublisher(config.BROKER_URL, log, () => relay.nudge()), (publisher) => publisher.close())
const relay = life.use('relay', repeat(log, config.RELAY_IDLE_MS, passOnce), (relay) => relay.stop())
life.use('bell', null, () => bell.close()) // the one of the last reign
primary.onReign((node) => {
  claimsAreOurs = false
  bell.close().catch((err: unknown) => log.warn({ err }, 'old bell not closed')) // not awaited: its node may be frozen
  bell = openBell(node, log, relay.nudge)
})

async function passOnce(): Promise<number> {
  const channel = publisher.channel()
  if (!channel) return 0
  if (!claimsAreOurs) await takeOver()
  if (reminded !== channel) await remindOf(channel)
  if (publisher.channel() !== channel) return 0 // it broke meanwhile: nothing shall be claimed for it
  return relayOnce(primary.pool(), channel, log)
}

/** What is new leaves also while what is old cannot be told again; the next pass tries that once more. */
async function remindOf(channel: ConfirmChannel): Promise<void> {
  await remind(primary.pool(), channel, log).then(
    () => {
      reminded = channel
    },
    (err: unknown) => log.warn({ err }, 'broker not reminded')
  )
}

async function takeOver(): Promise<void> {
  const pool = primary.pool()
  claimsAreOurs = true // before the answer: a reign that begins meanwhile says otherwise
  const events = await takeOverClaims(pool, session).catch((err: unknown) => {
    claimsAreOurs = false
    throw err
  })
  if (events > 0) log.info({ events }, 'claims of a relay that is gone taken over')
}

const app = life.use('http', createServer(log), (app) => app.close())
answerMetrics(app, metrics)
answerReady(app, { postgres: primary.pool, rabbitmq: publisher.isConnected, 'room in rabbitmq': () => !publisher.isBlocked() })
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
