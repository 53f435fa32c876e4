import { join } from 'node:path'
import type { Specs } from './spec.ts'

const SERVICE = { port: 3000, health: { port: 3000, path: '/readyz' }, after: ['migrate'] } as const

/** Who is named in receipts, until the shop's owner names themselves. */
const ISSUER = {
  ISSUER_RUT: '99999999-9',
  ISSUER_NAME: 'TicketFlow Demostración SpA',
  ISSUER_ACTIVITY: 'Venta de entradas a espectáculos',
  ISSUER_ADDRESS: 'Calle de Ejemplo 123',
  ISSUER_CITY: 'Santiago'
}

/** The processes that make the shop, from the door inwards. */
export const SERVICES: Specs<
  'gateway' | 'portal' | 'orchestrator' | 'relay' | 'failover' | 'reservation' | 'billing' | 'issue' | 'deliver'
> = {
  gateway: {
    run: { server: 'haproxy' },
    instances: { gateway: '1.1' },
    port: 8080,
    health: { port: 8080, path: '/healthz' },
    settings: (wire) => ({ PORTALS: wire('http', 'portal') })
  },
  portal: {
    ...SERVICE,
    run: { file: 'portal/main.ts' },
    instances: { 'portal-1': '2.1', 'portal-2': '2.2' },
    settings: (wire, { secrets, publicUrl }) => ({
      CATALOGUE_NODES: wire('postgres-read', 'postgres', 'catalogue'),
      ORCHESTRATOR_URLS: wire('http', 'orchestrator'),
      PORTAL_TO_ORCHESTRATOR_TOKEN: secrets.tokens.portalToOrchestrator,
      COOKIE_SECRET: secrets.cookieSecret,
      PUBLIC_URL: publicUrl
    })
  },
  orchestrator: {
    ...SERVICE,
    run: { file: 'orchestrator/main.ts' },
    instances: { 'orchestrator-1': '3.1', 'orchestrator-2': '3.2' },
    settings: (wire, { secrets, publicUrl }) => ({
      POSTGRES_NODES: wire('postgres-write', 'postgres', 'purchase'),
      RESERVATION_URLS: wire('http', 'reservation'),
      ORCHESTRATOR_TO_RESERVATION_TOKEN: secrets.tokens.orchestratorToReservation,
      BILLING_PRIMARY_URL: wire('http', 'billing', 'billing-primary'),
      BILLING_REPLICA_URL: wire('http', 'billing', 'billing-replica'),
      ORCHESTRATOR_TO_BILLING_TOKEN: secrets.tokens.orchestratorToBilling,
      RELAY_URL: wire('http', 'relay'),
      ORCHESTRATOR_TO_RELAY_TOKEN: secrets.tokens.orchestratorToRelay,
      BROKER_URL: wire('amqp', 'broker'),
      PORTAL_TO_ORCHESTRATOR_TOKEN: secrets.tokens.portalToOrchestrator,
      BANK_URL: wire('http', 'bank'),
      BANK_COMMERCE_CODE: secrets.bank.commerceCode,
      BANK_API_KEY: secrets.bank.apiKey,
      PUBLIC_URL: publicUrl,
      LINK_SECRET: secrets.linkSecret
    })
  },
  relay: {
    ...SERVICE,
    run: { file: 'orchestrator/relay.main.ts' },
    instances: { relay: '3.11' },
    settings: (wire, { secrets }) => ({
      OUTBOX_NODES: wire('postgres-write', 'postgres', 'relay'),
      BROKER_URL: wire('amqp', 'broker'),
      RELAY_IDLE_MS: '500',
      ORCHESTRATOR_TO_RELAY_TOKEN: secrets.tokens.orchestratorToRelay
    })
  },
  failover: {
    ...SERVICE,
    run: { file: 'orchestrator/failover.main.ts' },
    instances: { failover: '3.21' },
    after: [],
    settings: (wire, { secrets }) => ({
      AGENTS: wire('http', 'postgres'),
      AGENT_TOKEN: secrets.tokens.agent,
      CONTROL_NODES: wire('postgres-write', 'postgres', 'control'),
      OPERATOR_TOKEN: secrets.operatorToken
    })
  },
  reservation: {
    ...SERVICE,
    run: { file: 'reservation-service/main.ts' },
    instances: { 'reservation-1': '4.1', 'reservation-2': '4.2' },
    settings: (wire, { secrets }) => ({
      POSTGRES_NODES: wire('postgres-write', 'postgres', 'selling'),
      HOLD_SECONDS: '600',
      ORCHESTRATOR_TO_RESERVATION_TOKEN: secrets.tokens.orchestratorToReservation,
      OPERATOR_TOKEN: secrets.operatorToken
    })
  },
  billing: {
    ...SERVICE,
    run: { file: 'billing-service/main.ts' },
    instances: { 'billing-primary': '5.1', 'billing-replica': '5.2' },
    settings: (wire, { secrets, directory }, name) => ({
      MARIADB_URL: wire('mariadb-read', 'mariadb', name === 'billing-primary' ? 'maria1' : 'maria2'),
      ORCHESTRATOR_TO_BILLING_TOKEN: secrets.tokens.orchestratorToBilling,
      TICKET_KEYS_FILE: join(directory, 'ticket-keys.json')
    })
  },
  issue: {
    ...SERVICE,
    run: { file: 'billing-service/issue.main.ts' },
    instances: { 'issue-1': '5.11', 'issue-2': '5.12' },
    settings: (wire, { secrets, directory, publicUrl }) => ({
      MARIADB_URL: wire('mariadb-write', 'mariadb', 'writer'),
      BROKER_URL: wire('amqp', 'broker'),
      TICKET_KEYS_FILE: join(directory, 'ticket-keys.json'),
      PUBLIC_URL: publicUrl,
      OPERATOR_TOKEN: secrets.operatorToken,
      ...ISSUER
    })
  },
  deliver: {
    ...SERVICE,
    run: { file: 'billing-service/deliver.main.ts' },
    instances: { deliver: '5.21' },
    settings: (wire, { secrets, publicUrl }) => ({
      MARIADB_URL: wire('mariadb-write', 'mariadb', 'writer'),
      BROKER_URL: wire('amqp', 'broker'),
      SMTP_URL: wire('smtp', 'mail'),
      MAIL_FROM: 'TicketFlow <entradas@ticketflow.example>',
      PUBLIC_URL: publicUrl,
      LINK_SECRET: secrets.linkSecret
    })
  }
}
