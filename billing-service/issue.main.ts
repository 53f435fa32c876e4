import { readConfig } from '../chassis/config.ts'
import { openReading } from '../chassis/consume.ts'
import { crashPoint } from '../chassis/crash-point.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { mariaTransaction } from '../chassis/mariadb.ts'
import { watchMariadb } from '../chassis/mariadb-writer.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import { answerReady } from '../chassis/ready.ts'
import { repeat } from '../chassis/repeat.ts'
import { createServer } from '../chassis/server.ts'
import { OrdenCreada } from '../contracts/orden-creada.ts'
import { IssueConfig } from './config.ts'
import { registerFailure } from './failed-register.ts'
import { issueDocuments } from './issue-documents.ts'
import { operatorDoors } from './operator-http.ts'
import { readerInSequence } from './readers.ts'
import { renderOnce } from './render-documents.ts'
import { openRenderers } from './renderers.ts'
import { replayHeldOnce } from './replay-held.ts'
import { linksReader } from './send-links.ts'
import { storeOf, takesWrites } from './store.ts'
import { readTicketKeys } from './ticket-keys.ts'

const RENDER_IDLE_MS = 1_000
const REPLAY_IDLE_MS = 5_000

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

const store = life.use('mariadb', watchMariadb(config.MARIADB_URL, log), (store) => store.close())
const renderers = life.use('renderers', openRenderers(config.RENDERERS), (renderers) => renderers.close())
const rendering = life.use(
  'rendering',
  repeat(log, RENDER_IDLE_MS, async () => renderOnce(store.pool, log, renderers.render)),
  (loop) => loop.stop()
)
const reader = readerInSequence('billing.orden-creada', OrdenCreada, (tx, event) =>
  issueDocuments(tx, event, { issuer, signing, shopUrl: config.PUBLIC_URL })
)
const readers = [reader, linksReader] // of every queue whose failed events are in the register
const replaying = life.use(
  'replaying',
  repeat(log, REPLAY_IDLE_MS, async () => replayHeldOnce(store.pool(), log, readers)),
  (loop) => loop.stop()
)
const reading = life.use(
  'rabbitmq',
  await openReading(config.BROKER_URL, log, {
    ...reader,
    handle: async (event, delivery) => {
      const { followed } = await mariaTransaction(store.pool(), async (tx) => {
        const taken = await reader.take(tx, event, delivery)
        crashPoint('issue-before-commit')
        return taken
      })
      crashPoint('issue-committed')
      rendering.nudge()
      if (followed) replaying.nudge()
    },
    register: async (failure) => registerFailure(store.pool(), failure),
    database: storeOf(store.pool)
  }),
  (reading) => reading.close()
)

const app = life.use('http', createServer(log), (app) => app.close())
answerMetrics(app, openMetrics('issue'))
answerReady(app, { broker: reading.isConnected, mariadb: () => takesWrites(store.pool) })
await app.register(operatorDoors, { writer: store.pool, log, readers, token: config.OPERATOR_TOKEN })
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
