import { Type } from 'typebox'

const Common = {
  LOG_LEVEL: Type.String({ default: 'info' }),
  STOP_MS_MAX: Type.Integer({ default: 5_000, minimum: 1 }),
  LISTEN_ADDRESS: Type.String({ minLength: 1, description: 'An address of its own, so that instances live side by side.' }),
  PORT: Type.Integer({ default: 3_000, minimum: 1, maximum: 65_535 }),
  MARIADB_URL: Type.String({ pattern: '^mysql://' })
}

const BROKER_URL = Type.String({ pattern: '^amqps?://' })
const PUBLIC_URL = Type.String({
  pattern: '^https?://',
  description: 'Where buyers find the portal; links in documents and mails begin with it.'
})
const TICKET_KEYS_FILE = Type.String({
  minLength: 1,
  description: 'JSON {keys: [{kid, privateKey, publicKey}]}, PEM; the first one signs.'
})

export const ReadConfig = Type.Object({
  ...Common,
  MARIADB_SOURCE: Type.Optional(
    Type.Union([Type.Literal('primary'), Type.Literal('replica')], {
      description: 'What the node behind MARIADB_URL is, where it does not say so itself: a replica is read-only.'
    })
  ),
  ORCHESTRATOR_TO_BILLING_TOKEN: Type.String({ minLength: 1 }),
  TICKET_KEYS_FILE
})

export const IssueConfig = Type.Object({
  ...Common,
  BROKER_URL,
  TICKET_KEYS_FILE,
  PUBLIC_URL,
  OPERATOR_TOKEN: Type.String({ minLength: 1, description: 'Opens the doors to the failed register.' }),
  ISSUER_RUT: Type.String({ pattern: '^[0-9]{1,8}-[0-9K]$' }),
  ISSUER_NAME: Type.String({ minLength: 1, maxLength: 100 }),
  ISSUER_ACTIVITY: Type.String({ minLength: 1, maxLength: 80 }),
  ISSUER_ADDRESS: Type.String({ minLength: 1, maxLength: 60 }),
  ISSUER_CITY: Type.String({ minLength: 1, maxLength: 20 }),
  RENDERERS: Type.Integer({ default: 1, minimum: 1, maximum: 8, description: 'Worker threads that make PDFs.' })
})

export const DeliverConfig = Type.Object({
  ...Common,
  BROKER_URL,
  PUBLIC_URL,
  SMTP_URL: Type.String({ pattern: '^smtps?://' }),
  MAIL_FROM: Type.String({ minLength: 3, maxLength: 254 }),
  LINK_SECRET: Type.String({ minLength: 1 })
})
