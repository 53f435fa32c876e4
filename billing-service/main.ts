import { readConfig } from '../chassis/config.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { openMariadb } from '../chassis/mariadb.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import { answerReady } from '../chassis/ready.ts'
import { createServer } from '../chassis/server.ts'
import { ReadConfig } from './config.ts'
import { http } from './http.ts'
import { sourceOf } from './read-documents.ts'
import { answers } from './store.ts'
import { readTicketKeys } from './ticket-keys.ts'

const config = readConfig(ReadConfig, process.env)
const log = createLog('billing-service', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

const { published } = await readTicketKeys(config.TICKET_KEYS_FILE)
const pool = life.use('mariadb', openMariadb(config.MARIADB_URL), (pool) => pool.end())
const app = life.use('http', createServer(log), (app) => app.close())
answerMetrics(app, openMetrics('billing-service'))

answerReady(app, { mariadb: () => answers(pool) })
const source = async () => config.MARIADB_SOURCE ?? sourceOf(pool)
await app.register(http, { pool, source, published, token: config.ORCHESTRATOR_TO_BILLING_TOKEN })
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
