import { readConfig } from '../chassis/config.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import { nodesOf } from '../chassis/primary.ts'
import { repeat } from '../chassis/repeat.ts'
import { createServer } from '../chassis/server.ts'
import { openAgents } from './failover-agents.ts'
import { FailoverConfig } from './failover-config.ts'
import { failoverDoors } from './failover-http.ts'
import { openPulses } from './failover-pulse.ts'
import { openWatch } from './failover-watch.ts'

const PASS_MS = 30

const config = readConfig(FailoverConfig, process.env)
const log = createLog('failover', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

const agents = life.use('agents', openAgents(config.AGENTS, config.AGENT_TOKEN, PASS_MS), (agents) => agents.close())
const urlAt = (host: string) => nodesOf(config.CONTROL_NODES).find((url) => new URL(url).hostname === host)!
const addresses = agents.nodes.map(({ node, host }) => ({ node, url: urlAt(host) }))
const pulses = life.use('pulses', openPulses(addresses, PASS_MS), (pulses) => pulses.close())
const watch = openWatch(agents, pulses, log)
life.use('election', repeat(log, PASS_MS, watch.watchOnce), (loop) => loop.stop())

const app = life.use('http', createServer(log), (app) => app.close())
answerMetrics(app, openMetrics('failover'))
await app.register(failoverDoors, { watch, token: config.OPERATOR_TOKEN })
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
