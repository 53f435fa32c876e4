import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pg, { type Client } from 'pg'
import { createLog } from '../chassis/log.ts'
import { nodesOf, watchPrimary } from '../chassis/primary.ts'
import { askSupervisor } from '../cluster/driver/door.ts'
import { openInstance } from '../cluster/driver/run.ts'
import { doorPath, type Instance, SHOP_INSTANCE, TEST_INSTANCE } from '../cluster/instance.ts'
import { ensureSecrets } from '../cluster/secrets.ts'

/** The instance that is emptied and measured; where two states are compared, the next one is the other. */
export const BENCH_INSTANCE = 3

/** What the service asks of its sessions, so that every side has the same plans: see reservation-service/main.ts. */
const SESSION = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off'

const NODES = ['pg1', 'pg2', 'pg3'] as const
const PRIMARY_MS_MAX = 10_000

/** What sells seats, and nothing else: three PostgreSQL nodes, who watches them, two reservation-services. */
export interface Shop {
  instance: Instance
  /** The primary as the role that sells; whatever has rights beside it goes through `superuser`. */
  sellingUrl: string
  /** The primary's name. */
  node: string
  /** Through the primary's socket, without a limit on time. */
  superuser: Client
  /** One connection to each standby. */
  standbys: Client[]
  /** Of the reservation-services. */
  servicePids: () => Promise<number[]>
  /** Of the databases' agents, whose children the databases are. */
  databasePids: () => Promise<number[]>
  /** Stops components and starts them again, so that they open new connections. */
  restart: (...names: string[]) => Promise<void>
  end: () => Promise<void>
}

/**
 * Starts an empty shop that only sells. What billing needs runs for as long as
 * the migrations take, and is gone before anything is measured.
 */
export async function openShop(number: number, say: (text: string) => void): Promise<Shop> {
  assert(number !== SHOP_INSTANCE && number !== TEST_INSTANCE, `instance ${number} is not for benchmarks: they empty it`)
  const running = await openInstance(number, { demo: false, empty: true }, say)
  const clients: Client[] = []
  const { instance } = running
  const ask = (request: 'start' | 'stop', ...names: string[]) => askSupervisor(doorPath(number), { ask: request, names }, () => {})
  try {
    await ask('start', 'postgres', 'failover', 'mariadb', 'migrate')
    await ask('stop', 'mariadb')
    await ask('start', 'reservation')
    const primaryUrl = await primaryOf(instance)
    const { postgres } = await ensureSecrets(instance.directory)
    const open = await Promise.all(NODES.map((node) => superuserOf(instance, node, postgres.superuser)))
    clients.push(...open)
    const host = new URL(primaryUrl).host
    const place = nodesOf(instance.postgresUrls.selling).findIndex((url) => new URL(url).host === host)
    return {
      instance,
      sellingUrl: `${nodesOf(instance.postgresUrls.selling)[place]}?options=${encodeURIComponent(SESSION)}`,
      node: NODES[place]!,
      superuser: open[place]!,
      standbys: open.filter((_client, i) => i !== place),
      servicePids: () => pidsOf('reservation'),
      databasePids: () => pidsOf('pg'),
      async restart(...names) {
        await ask('stop', ...names)
        await ask('start', ...names)
      },
      end
    }
  } catch (err) {
    await end()
    throw err
  }

  async function pidsOf(name: string): Promise<number[]> {
    const { statuses } = (await askSupervisor(doorPath(number), { ask: 'status' }))!
    return statuses.filter((status) => status.name.startsWith(name)).flatMap(({ pid }) => pid ?? [])
  }

  async function end(): Promise<void> {
    await Promise.all(clients.map((client) => client.end().catch(() => {})))
    await running.end()
    rmSync(join(instance.directory, 'data'), { recursive: true, force: true }) // gigabytes that nobody looks at again
  }
}

async function primaryOf({ postgresUrls }: Instance): Promise<string> {
  const primary = watchPrimary(postgresUrls.owner, createLog('bench', 'fatal'))
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const late = setTimeout(() => reject(new Error('no PostgreSQL node is the primary')), PRIMARY_MS_MAX)
  primary.onReign(resolve)
  const url = await promise.finally(() => clearTimeout(late))
  await primary.close()
  return url
}

async function superuserOf({ directory }: Instance, node: string, password: string): Promise<Client> {
  const host = join(directory, 'data', node) // where its socket is
  const client = new pg.Client({ host, user: 'postgres', password, database: 'ticketflow' })
  client.on('error', () => {}) // its query fails with it
  await client.connect()
  return client
}
