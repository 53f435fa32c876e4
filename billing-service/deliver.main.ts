import type { ConfirmChannel } from 'amqplib'
import { openBroker } from '../chassis/broker.ts'
import { readConfig } from '../chassis/config.ts'
import { consume } from '../chassis/consume.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { mariaTransaction, openMariadb } from '../chassis/mariadb.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import { answerReady } from '../chassis/ready.ts'
import { repeat } from '../chassis/repeat.ts'
import { createServer } from '../chassis/server.ts'
import { EntradasPedidas } from '../contracts/entradas-pedidas.ts'
import { DeliverConfig } from './config.ts'
import { deliverOnce } from './deliver-mails.ts'
import { registerFailure } from './failed-register.ts'
import { openMailer } from './mailer.ts'

import { sendLinks } from './send-links.ts'
import { storeOf, takesWrites } from './store.ts'

const QUEUE = 'billing.entradas-pedidas'
const DELIVER_IDLE_MS = 1_000

const config = readConfig(DeliverConfig, process.env)
const log = createLog('deliver', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)
const settings = { publicUrl: config.PUBLIC_URL, linkSecret: config.LINK_SECRET }

const pool = life.use('mariadb', openMariadb(config.MARIADB_URL), (pool) => pool.end())
const mailer = life.use('mail', openMailer(config.SMTP_URL, config.MAIL_FROM), (mailer) => mailer.close())
const delivering = life.use(
  'delivering',
  repeat(log, DELIVER_IDLE_MS, () => deliverOnce(pool, log, mailer, settings)),
  (loop) => loop.stop()
)
let channel: ConfirmChannel | undefined

life.use(
  'rabbitmq',
  await openBroker(config.BROKER_URL, log, async (opened) => {
    await consume(opened, log, {
      queue: QUEUE,
      contract: EntradasPedidas,
      handle: async (event) => {
        await mariaTransaction(pool, (tx) => sendLinks(tx, event))
        delivering.nudge()
      },
      register: (failure) => registerFailure(pool, failure),
      database: storeOf(pool)
    })
    opened.on('close', () => {
      channel = undefined
    })
    channel = opened
  }),
  (broker) => broker.close()
)

const app = life.use('http', createServer(log), (app) => app.close())
answerMetrics(app, openMetrics('deliver'))
answerReady(app, { broker: () => channel !== undefined, mariadb: () => takesWrites(pool) })
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
