import { Type } from 'typebox'

export const Config = Type.Object({
  LOG_LEVEL: Type.String({ default: 'info' }),
  STOP_MS_MAX: Type.Integer({ default: 5_000 }),
  LISTEN_ADDRESS: Type.String({ description: 'An address of its own, so that instances live side by side.' }),
  PORT: Type.Integer({ default: 3000 }),
  POSTGRES_NODES: Type.String({ pattern: '^postgres', description: 'Every node, with commas between; the primary is found among them.' }),
  HOLD_SECONDS: Type.Integer({ default: 600, minimum: 1, description: 'The time a buyer has to pay.' }),
  ORCHESTRATOR_TO_RESERVATION_TOKEN: Type.String({ minLength: 16, description: 'Opens the doors that sell.' }),
  OPERATOR_TOKEN: Type.String({ minLength: 16, description: 'Opens the doors that load plans and shows.' })
})
