import { Type } from 'typebox'

const Process = {
  LOG_LEVEL: Type.String({ default: 'info' }),
  STOP_MS_MAX: Type.Integer({ default: 5_000 }),
  LISTEN_ADDRESS: Type.String({ description: 'An address of its own, so that instances live side by side.' }),
  PORT: Type.Integer({ default: 3000 })
}

const Nodes = Type.String({
  pattern: '^postgres(ql)?://',
  description: 'Every node, with commas between; the primary is found among them.'
})
const Url = Type.String({ pattern: '^https?://' })
const Broker = Type.String({ pattern: '^amqps?://' })
const Token = Type.String({ minLength: 8 })

export const Config = Type.Object({
  ...Process,
  POSTGRES_NODES: Nodes,
  RESERVATION_URLS: Type.String({ pattern: '^https?://', description: 'Every instance, with commas between.' }),
  ORCHESTRATOR_TO_RESERVATION_TOKEN: Token,
  BILLING_PRIMARY_URL: Url,
  BILLING_REPLICA_URL: Url,
  ORCHESTRATOR_TO_BILLING_TOKEN: Token,
  RELAY_URL: Url,
  ORCHESTRATOR_TO_RELAY_TOKEN: Token,
  BROKER_URL: Broker,
  PORTAL_TO_ORCHESTRATOR_TOKEN: Token,
  BANK_URL: Url,
  BANK_COMMERCE_CODE: Type.String({ minLength: 1 }),
  BANK_API_KEY: Type.String({ minLength: 1 }),
  PUBLIC_URL: Type.String({
    pattern: '^https?://[^/]+$',
    description: 'Where the portal is for a browser; the bank sends buyers back to it.'
  }),
  LINK_SECRET: Type.String({ minLength: 8, description: 'Signs the links in mails.' }),
  RESUME_MS: Type.Integer({ default: 10_000, minimum: 50, description: 'How often purchases that stand still are looked for.' }),
  DOCUMENTED_SECONDS_MAX: Type.Integer({ default: 300, minimum: 1, description: 'After this the events of an order are published again.' })
})

export const RelayConfig = Type.Object({
  ...Process,
  OUTBOX_NODES: Nodes,
  BROKER_URL: Broker,
  RELAY_IDLE_MS: Type.Integer({ default: 500, minimum: 10 }),
  ORCHESTRATOR_TO_RELAY_TOKEN: Token
})
