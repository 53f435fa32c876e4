import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '../chassis/config.ts'
import { Refusal } from '../chassis/errors.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import type { NodeState } from '../chassis/postgres-node.ts'
import { repeat } from '../chassis/repeat.ts'
import { createServer } from '../chassis/server.ts'
import { decide, isFollowing, leaderAmong, noted, reignOf } from './failover.ts'
import { openAgents } from './failover-agents.ts'
import { FailoverConfig } from './failover-config.ts'
import { type Action, NOTHING_YET } from './failover-decision.ts'
import { openGate } from './failover-gate.ts'

const LOOK_MS = 50
const STEADY_MS = 250

const config = readConfig(FailoverConfig, process.env)
const log = createLog('failover', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

const agents = openAgents(config.AGENTS, config.AGENT_TOKEN)
const gate = life.use('gate', openGate(config.CONTROL_NODES, log), (gate) => gate.close())

let memory = NOTHING_YET
let said = ''
let states: NodeState[] = []

life.use('election', repeat(log, LOOK_MS, watchOnce), (loop) => loop.stop())
const app = life.use('http', createServer(log), (app) => app.close())
answerMetrics(app, openMetrics('failover'))

app.get('/readyz', (_request, reply) => {
  const leader = leaderAmong(states)
  const ready = leader !== undefined && leader.rowEpoch === reignOf(leader)
  const streaming = states.filter((state) => leader && isFollowing(state, leader) && state.streaming).map(({ node }) => node)
  const missing = ready ? [] : ['a primary past its gate']
  return reply
    .code(ready ? 200 : 503)
    .send({ ready, missing, says: said, leader: leader?.node, epoch: leader && reignOf(leader), streaming })
})
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })

/** Looks, decides, acts. What an order came to is seen by the next look. */
async function watchOnce(): Promise<number> {
  const nodes = await agents.look()
  states = nodes.map(({ state }) => state).filter((state) => state !== undefined)
  const decision = decide({ nowMs: performance.now(), nodes, memory, newId: randomUUID() })
  memory = decision.memory
  if (decision.says !== said) log.info({ says: decision.says, states }, 'cluster')
  said = decision.says
  await Promise.all(decision.actions.map(act))
  if (decision.actions.length === 0 && said === 'a primary reigns') await sleep(STEADY_MS)
  return 0
}

async function act(action: Action): Promise<void> {
  if (action.order === 'gate') return gate.open(agents.hostOf(action.node), action.node, action.epoch)
  try {
    const answer = await agents.order(action)
    memory = noted(memory, action, answer)
  } catch (err) {
    if (err instanceof Refusal) memory = noted(memory, action, err)
    log.warn({ err, order: action.order, node: action.node }, 'an order was not carried out')
  }
}
