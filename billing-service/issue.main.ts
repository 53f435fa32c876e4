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
import { OrdenCreada } from '../contracts/orden-creada.ts'
import { IssueConfig } from './config.ts'
import { registerFailure } from './failed-register.ts'
import { issueDocuments } from './issue-documents.ts'

import { renderOnce } from './render-documents.ts'
import { openRenderers } from './renderers.ts'
import { storeOf, takesWrites } from './store.ts'
import { readTicketKeys } from './ticket-keys.ts'

const QUEUE = 'billing.orden-creada'
const RENDER_IDLE_MS = 1_000

const config = readConfig(IssueConfig, process.env)
const log = createLog('issue', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

const { signing } = await readTicketKeys(config.TICKET_KEYS_FILE)
const issuer = {
  rut: config.ISSUER_RUT,
  name: config.ISSUER_NAME,
  activity: config.ISSUER_ACTIVITY,
  address: config.ISSUER_ADDRESS,
  city: config.ISSUER_CITY
}

const pool = life.use('mariadb', openMariadb(config.MARIADB_URL), (pool) => pool.end())
const renderers = life.use('renderers', openRenderers(config.RENDERERS), (renderers) => renderers.close())
const rendering = life.use(
  'rendering',
  repeat(log, RENDER_IDLE_MS, () => renderOnce(pool, log, renderers.render)),
  (loop) => loop.stop()
)
let channel: ConfirmChannel | undefined

life.use(
  'rabbitmq',
  await openBroker(config.BROKER_URL, log, async (opened) => {
    await consume(opened, log, {
      queue: QUEUE,
      contract: OrdenCreada,
      handle: async (event) => {
        await mariaTransaction(pool, (tx) => issueDocuments(tx, event, { issuer, signing, shopUrl: config.PUBLIC_URL }))
        rendering.nudge()
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
answerMetrics(app, openMetrics('issue'))
answerReady(app, { broker: () => channel !== undefined, mariadb: () => takesWrites(pool) })
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
