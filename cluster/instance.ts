import { realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The instance of `npm start`; `npm test` has one of its own, and the two do not meet. */
export const SHOP_INSTANCE = 1
export const TEST_INSTANCE = 2
/** Where tests of queues meet no queue of the shop that the other tests buy in. */
export const TESTS_VIRTUAL_HOST = 'tests'
export const INSTANCE_MAX = 254

/** The checkout. Every process of ours runs in it. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** What other commands may know about an instance. It is written when the instance starts and holds secrets. */
export interface Instance {
  instance: number
  directory: string
  /** The shop, as a buyer sees it. */
  url: string
  /** The mailbox that stands in for the world's mail. */
  mailUrl: string
  bankUrl: string
  portalUrls: string[]
  orchestratorUrls: string[]
  reservationUrls: string[]
  /** One of `reservationUrls`: the door for plans and shows, which takes `operatorToken`. */
  reservationUrl: string
  /** Where the failover tells of the PostgreSQL nodes, and takes wishes with `operatorToken`. */
  failoverUrl: string
  billingUrls: { primary: string; replica: string }
  /** Each is the door to what failed in issuing, which takes `operatorToken`. */
  issueUrls: string[]
  operatorToken: string
  /** Every node in each address, as `chassis/primary.ts` takes it. */
  postgresUrls: Record<PostgresRole, string>
  /** `primary` and `replica` only read, and are called what their nodes are at first; `nodes` is both, as `chassis/mariadb-writer.ts` takes them. */
  mariadbUrls: { primary: string; replica: string; owner: string; nodes: string }
  /** Who runs the MariaDB nodes, and takes orders with `tokens.agent`. */
  mariadbAgents: Array<{ name: string; url: string }>
  brokerUrl: string
  tokens: {
    portalToOrchestrator: string
    orchestratorToReservation: string
    orchestratorToBilling: string
    orchestratorToRelay: string
    agent: string
  }
  bank: { commerceCode: string; apiKey: string }
}

export type PostgresRole = 'owner' | 'control' | 'selling' | 'purchase' | 'relay' | 'catalogue'

/** Where instances live; it may be a link, when the servers' users cannot enter the checkout. */
export const HOME = join(ROOT, '.cluster')

/** Where an instance keeps everything it has: data, logs, secrets, its door. */
export function instanceDirectory(instance: number): string {
  return join(realHome(), String(instance))
}

function realHome(): string {
  try {
    return realpathSync(HOME)
  } catch {
    return HOME // not made yet
  }
}

/** Where a running instance takes commands. */
export function doorPath(instance: number): string {
  return join(instanceDirectory(instance), 'door')
}

/**
 * What is known about an instance that was started at least once.
 *
 * @throws Error saying how to start it.
 */
export async function readInstance(instance = SHOP_INSTANCE): Promise<Instance> {
  try {
    return JSON.parse(await readFile(join(instanceDirectory(instance), 'instance.json'), 'utf8')) as Instance
  } catch {
    throw new Error(`instance ${instance} has never run: npm start${instance === SHOP_INSTANCE ? '' : ` -- --instance ${instance}`}`)
  }
}
