import { join } from 'node:path'
import { TEST_INSTANCE, TESTS_VIRTUAL_HOST } from './instance.ts'
import type { Specs } from './spec.ts'

const AGENT_PORT = 8400
const STOP_MS_MAX = 30_000

/** What keeps data, and what stands in for the outside world. */
export const STORES: Specs<'migrate' | 'postgres' | 'mariadb' | 'broker' | 'epmd' | 'mail' | 'bank'> = {
  migrate: {
    run: { file: 'db/migrate.main.ts' },
    instances: { migrate: '6.99' },
    port: 0,
    health: 'ends',
    after: ['failover', 'mariadb'],
    settings: (wire) => ({
      POSTGRES_NODES: wire('postgres-write', 'postgres', 'owner'),
      MARIADB_URL: wire('mariadb-write', 'mariadb', 'owner')
    })
  },
  postgres: {
    run: { file: 'db/postgres-node.main.ts' },
    instances: { pg1: '6.1', pg2: '6.2', pg3: '6.3' },
    port: 5432,
    otherPorts: [AGENT_PORT],
    health: { port: AGENT_PORT, path: '/readyz' },
    stopMsMax: STOP_MS_MAX,
    settings: (_wire, { secrets, directory, nodesOf, postgresBin }, name) => ({
      PORT: String(AGENT_PORT),
      NODE_NAME: name,
      NODES: nodesOf('postgres')
        .map((node) => `${node.name}=${node.address}`)
        .join(),
      DATA_DIRECTORY: join(directory, 'data', name),
      POSTGRES_BIN: postgresBin,
      AGENT_TOKEN: secrets.tokens.agent,
      PASSWORDS_FILE: join(directory, 'postgres-passwords.json')
    })
  },
  mariadb: {
    run: { file: 'db/mariadb-node.main.ts' },
    instances: { maria1: '7.1', maria2: '7.2' },
    port: 3306,
    otherPorts: [AGENT_PORT],
    health: { port: AGENT_PORT, path: '/readyz' },
    stopMsMax: STOP_MS_MAX,
    settings: (_wire, { secrets, directory, nodesOf }, name) => ({
      PORT: String(AGENT_PORT),
      NODE_NAME: name,
      ROLE: name === 'maria1' ? 'primary' : 'replica',
      NODES: nodesOf('mariadb')
        .map((node) => `${node.name}=${node.address}`)
        .join(),
      DATA_DIRECTORY: join(directory, 'data', name),
      AGENT_TOKEN: secrets.tokens.agent,
      PASSWORDS_FILE: join(directory, 'mariadb-passwords.json')
    })
  },
  broker: {
    run: { server: 'rabbitmq' },
    instances: { rabbitmq: '8.1' },
    port: 5672,
    otherPorts: [25_000],
    portsPerInstance: [25_000], // at its start it tries to bind this port on every address
    health: { port: 5672 },
    after: ['epmd'],
    stopMsMax: STOP_MS_MAX,
    settings: (_wire, { instance }) => ({ VIRTUAL_HOSTS: instance === TEST_INSTANCE ? `/,${TESTS_VIRTUAL_HOST}` : '/' })
  },
  epmd: {
    run: { server: 'epmd' },
    instances: { epmd: '8.1' },
    port: 24_000,
    portsPerInstance: [24_000], // it also binds 127.0.0.1
    health: { port: 24_000 },
    settings: () => ({})
  },
  mail: {
    run: { file: 'cluster/stand-ins/mail.main.ts' },
    instances: { mail: '9.1' },
    port: 8025,
    otherPorts: [2525],
    health: { port: 8025, path: '/readyz' },
    settings: (_wire, { directory }) => ({ PORT: '8025', SMTP_PORT: '2525', DATA_DIRECTORY: join(directory, 'data', 'mail') })
  },
  bank: {
    run: { file: 'cluster/stand-ins/bank.main.ts' },
    instances: { bank: '9.2' },
    port: 8080,
    health: { port: 8080, path: '/readyz' },
    settings: (_wire, { secrets, directory }) => ({
      PORT: '8080',
      BANK_COMMERCE_CODE: secrets.bank.commerceCode,
      BANK_API_KEY: secrets.bank.apiKey,
      DATA_DIRECTORY: join(directory, 'data', 'bank')
    })
  }
}
