import { type Static, Type } from 'typebox'

/** Settings of one MariaDB node's agent. */
export const MariadbNodeConfig = Type.Object({
  NODE_NAME: Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' }),
  /** Of a pair that nobody has promoted yet; the node itself keeps what it has been since. */
  ROLE: Type.Union([Type.Literal('primary'), Type.Literal('replica')]),
  /** The pair: name=address,name=address. Both use the same ports. */
  NODES: Type.String({ pattern: '^[a-z0-9-]+=[^,=]+,[a-z0-9-]+=[^,=]+$' }),
  /** Absolute, and of this node alone: data, socket and log live in it. */
  DATA_DIRECTORY: Type.String({ pattern: '^/' }),
  PASSWORDS_FILE: Type.String({ minLength: 1 }),
  AGENT_TOKEN: Type.String({ minLength: 1 }),
  /** The agent's address and MariaDB's. */
  LISTEN_ADDRESS: Type.String({ minLength: 1 }),
  PORT: Type.Integer({ default: 8400, minimum: 1, maximum: 65_535 }),
  MARIADB_PORT: Type.Integer({ default: 3306, minimum: 1, maximum: 65_535 }),
  LOG_LEVEL: Type.String({ default: 'info' }),
  STOP_MS_MAX: Type.Integer({ default: 5_000, minimum: 1 })
})

export type MariadbNodeConfig = Static<typeof MariadbNodeConfig>

/** Name and address of the node that is not this one. */
export function otherNode({ NODES, NODE_NAME }: MariadbNodeConfig): [name: string, address: string] {
  const others = NODES.split(',').filter((entry) => !entry.startsWith(`${NODE_NAME}=`))
  if (others.length !== 1) throw new Error(`NODES does not name ${NODE_NAME} and one other`)
  return others[0]!.split('=') as [string, string]
}

/** PASSWORDS_FILE of the MariaDB nodes. root has none: it comes in by the socket, as the operating system user that the agent is. */
export const MariadbPasswords = Type.Object({
  owner: Type.String({ minLength: 1 }),
  replicator: Type.String({ minLength: 1 }),
  writer: Type.String({ minLength: 1 }),
  reader: Type.String({ minLength: 1 })
})

export type MariadbPasswords = Static<typeof MariadbPasswords>

/** Settings of the migration job. */
export const MigrateConfig = Type.Object({
  /** All nodes, role owner. */
  POSTGRES_NODES: Type.String({ minLength: 1 }),
  /** Both nodes, role owner. */
  MARIADB_URL: Type.String({ minLength: 1 }),
  /** How long the databases may take to become writable. */
  WAIT_MS_MAX: Type.Integer({ default: 120_000, minimum: 1 }),
  LOG_LEVEL: Type.String({ default: 'info' })
})
