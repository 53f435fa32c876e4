import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

export const Config = Type.Object({
  LOG_LEVEL: Type.String({ default: 'info' }),
  STOP_MS_MAX: Type.Integer({ default: 5_000 }),
  LISTEN_ADDRESS: Type.String({ description: "The agent's address, and PostgreSQL's." }),
  PORT: Type.Integer({ default: 8400 }),
  POSTGRES_PORT: Type.Integer({ default: 5432 }),
  POSTGRES_BIN: Type.String({ description: 'The directory of postgres, initdb and pg_basebackup.' }),
  NODE_NAME: Type.String({ pattern: '^[a-z][a-z0-9]*$' }),
  NODES: Type.String({ pattern: '^[a-z0-9]+=[^,]+(,[a-z0-9]+=[^,]+)*$', description: 'Every node: name=address,...' }),
  DATA_DIRECTORY: Type.String({ pattern: '^/', description: 'State, data, socket and log of this node live under it.' }),
  AGENT_TOKEN: Type.String({ minLength: 1 }),
  PASSWORDS_FILE: Type.String({ description: 'JSON: a password for each role.' })
})

export type Config = Readonly<Static<typeof Config>>

/** Who may log in. `superuser` is the role postgres, and comes through the socket only. */
const Passwords = Type.Object({
  superuser: Type.String({ minLength: 1 }),
  replicator: Type.String({ minLength: 1 }),
  owner: Type.String({ minLength: 1 }),
  control: Type.String({ minLength: 1 }),
  selling: Type.String({ minLength: 1 }),
  purchase: Type.String({ minLength: 1 }),
  relay: Type.String({ minLength: 1 }),
  catalogue: Type.String({ minLength: 1 })
})

export type Passwords = Static<typeof Passwords>

/** The system's limit for the path of a socket, its name included. */
const SOCKET_PATH_MAX = 107

export function readPasswords(file: string): Passwords {
  return Value.Parse(Passwords, JSON.parse(readFileSync(file, 'utf8')))
}

/** @throws Error when the socket's path is longer than the system allows. */
export function checkDirectory({ DATA_DIRECTORY, POSTGRES_PORT }: Config): void {
  const socket = `${DATA_DIRECTORY}/.s.PGSQL.${POSTGRES_PORT}`
  if (!isAbsolute(DATA_DIRECTORY)) throw new Error(`DATA_DIRECTORY is not absolute: ${DATA_DIRECTORY}`)
  if (socket.length > SOCKET_PATH_MAX) throw new Error(`${socket} is longer than a socket may be named: use a shorter directory`)
}

/** Where a node listens. */
export function addressOf({ NODES }: Config, node: string): string {
  const found = NODES.split(',').find((entry) => entry.startsWith(`${node}=`))
  if (!found) throw new Error(`NODES does not name ${node}`)
  return found.slice(node.length + 1)
}

/** Which node listens there. */
export function nodeAt({ NODES }: Config, address: string): string | undefined {
  return NODES.split(',')
    .map((entry) => entry.split('='))
    .find(([, known]) => known === address)?.[0]
}
