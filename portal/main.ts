import { readConfig } from '../chassis/config.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { watchStandby } from '../chassis/primary.ts'
import { createPortal } from './app.ts'
import { Config } from './config.ts'
import { openOrchestrator } from './orchestrator.ts'

const config = readConfig(Config, process.env)
const log = createLog('portal', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

// Opened top to bottom, closed bottom to top.
const standby = life.use('catalogue', watchStandby(config.CATALOGUE_NODES, log), (standby) => standby.close())
const orchestrator = openOrchestrator(config.ORCHESTRATOR_URLS, config.PORTAL_TO_ORCHESTRATOR_TOKEN)
life.use('orchestrator', orchestrator, (orchestrator) => orchestrator.close())

const settings = { pool: standby.pool, orchestrator, publicUrl: config.PUBLIC_URL, cookieSecret: config.COOKIE_SECRET }
const app = life.use('http', await createPortal(log, settings), (app) => app.close())
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
