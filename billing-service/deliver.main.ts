import { readConfig } from '../chassis/config.ts'
import { openReading } from '../chassis/consume.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { mariaTransaction } from '../chassis/mariadb.ts'
import { watchMariadb } from '../chassis/mariadb-writer.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import { answerReady } from '../chassis/ready.ts'
import { repeat } from '../chassis/repeat.ts'
import { createServer } from '../chassis/server.ts'
import { DeliverConfig } from './config.ts'
import { deliverOnce } from './deliver-mails.ts'
import { registerFailure } from './failed-register.ts'
import { openMailer } from './mailer.ts'
import { linksReader } from './send-links.ts'
import { storeOf, takesWrites } from './store.ts'

const DELIVER_IDLE_MS = 1_000

const config = readConfig(DeliverConfig, process.env)
const log = createLog('deliver', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)
const settings = { publicUrl: config.PUBLIC_URL, linkSecret: config.LINK_SECRET }

const store = life.use('mariadb', watchMariadb(config.MARIADB_URL, log), (store) => store.close())
const mailer = life.use('mail', openMailer(config.SMTP_URL, config.MAIL_FROM), (mailer) => mailer.close())
const delivering = life.use(
  'delivering',
  repeat(log, DELIVER_IDLE_MS, async () => deliverOnce(store.pool, log, mailer, settings)),
  (loop) => loop.stop()
)

const reading = life.use(
  'rabbitmq',
  await openReading(config.BROKER_URL, log, {
    ...linksReader,
    handle: async (event, delivery) => {
      await mariaTransaction(store.pool(), (tx) => linksReader.take(tx, event, delivery))
      delivering.nudge()
    },
    register: async (failure) => registerFailure(store.pool(), failure),
    database: storeOf(store.pool)
  }),
  (reading) => reading.close()
)

const app = life.use('http', createServer(log), (app) => app.close())
answerMetrics(app, openMetrics('deliver'))
answerReady(app, { broker: reading.isConnected, mariadb: () => takesWrites(store.pool) })
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
