import { readConfig } from '../chassis/config.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { openRinger } from '../chassis/outbox.ts'
import { watchPrimary } from '../chassis/primary.ts'
import { createApi } from './api.ts'
import { Config } from './config.ts'

/**
 * Every statement of a sale finds its rows by a key. On an empty table the
 * planner would read it all, or its index, and keep that plan while the table grows.
 */
const SESSION = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off'

const config = readConfig(Config, process.env)
const log = createLog('reservation-service', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

// Opened top to bottom, closed bottom to top.
const primary = life.use('postgres', watchPrimary(config.POSTGRES_NODES, log, SESSION), (primary) => primary.close())
const ringer = life.use('ringer', openRinger(log), (ringer) => ringer.close())
primary.onReign(ringer.follow)
const api = await createApi(log, {
  writer: primary.pool,
  holdSeconds: config.HOLD_SECONDS,
  token: config.ORCHESTRATOR_TO_RESERVATION_TOKEN,
  operatorToken: config.OPERATOR_TOKEN,
  ring: ringer.ring
})
life.use('http', api, (api) => api.close())
await api.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
