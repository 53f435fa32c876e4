import { Type } from 'typebox'

export const FailoverConfig = Type.Object({
  LOG_LEVEL: Type.String({ default: 'info' }),
  STOP_MS_MAX: Type.Integer({ default: 5_000 }),
  LISTEN_ADDRESS: Type.String(),
  PORT: Type.Integer({ default: 3000 }),
  AGENTS: Type.String({ pattern: '^[a-z0-9]+=http[^,]+(,[a-z0-9]+=http[^,]+)*$', description: 'The agent of every node: name=url,...' }),
  AGENT_TOKEN: Type.String({ minLength: 1 }),
  CONTROL_NODES: Type.String({ pattern: '^postgres://', description: 'Every node, role control.' }),
  OPERATOR_TOKEN: Type.String({ minLength: 1, description: 'Of people who ask for a switchover or accept a loss.' })
})
