import assert from 'node:assert/strict'
import pg, { type Client } from 'pg'
import { Compile } from 'typebox/compile'
import { type Contract, type DataOf, schemaOf } from '../contracts/contract.ts'
import type { Log } from './log.ts'

/** The PostgreSQL channel that wakes the relay. A hint only: the relay also polls. */
export const OUTBOX_CHANNEL = 'outbox'

/** An insert that says that things happened: part of the statement that makes them happen. */
export interface Announcement {
  text: string
  values: unknown[]
}

/**
 * The events leave the database if and only if the transaction commits. The bell
 * is rung after the commit, debounced, from a connection of its own: a NOTIFY in
 * here would make every commit wait for every other.
 *
 * @param events - Each with the id of the thing it happened to.
 * @see docs/decisions/0003-outbox-by-polling-and-a-bell.md
 */
export function announcement<C extends Contract>(contract: C, events: Array<{ subject: string; data: DataOf<C> }>): Announcement {
  const check = checkOf(contract)
  for (const { data } of events) assert(check(data), `data is not a ${contract.type} v${contract.version}`)
  return {
    text: `insert into selling.outbox (event_id, source, type, subject, dataschema, data)
           select gen_random_uuid(), $1, $2, event.subject, $3, event.data
           from rows from (unnest($4::text[]), jsonb_array_elements($5::jsonb)) as event (subject, data)`,
    values: [
      contract.source,
      contract.type,
      schemaOf(contract),
      events.map(({ subject }) => subject),
      JSON.stringify(events.map(({ data }) => data))
    ]
  }
}

const checks = new WeakMap<Contract, (data: unknown) => boolean>()

function checkOf(contract: Contract): (data: unknown) => boolean {
  const known = checks.get(contract)
  if (known) return known
  const compiled = Compile(contract.data)
  const check = (data: unknown) => compiled.Check(data)
  checks.set(contract, check)
  return check
}

export interface Ringer {
  /** Wakes the relay soon. To be called after the commit; rings that come together are one. */
  ring: () => void
  /** From now on rings at this node, over a connection of its own. */
  follow: (connectionString: string) => void
  close: () => Promise<void>
}

const RING_MS_MIN = 10
const CONNECT_MS_MAX = 1_000

/** Never more than one ring in {@link RING_MS_MIN}, and none that anybody waits for. A ring that is lost costs one poll of the relay. */
export function openRinger(log: Log): Ringer {
  let address: string | undefined
  let client: Promise<Client> | undefined
  let due: NodeJS.Timeout | undefined
  let again = false
  return { ring, follow, close }

  function ring(): void {
    again = true
    due ??= setTimeout(run, RING_MS_MIN)
  }

  async function run(): Promise<void> {
    again = false
    await notify().catch((err: unknown) => log.warn({ err }, 'bell not rung; the relay polls'))
    due = again ? setTimeout(run, RING_MS_MIN) : undefined
  }

  async function notify(): Promise<void> {
    if (!address) return
    client ??= connect(address)
    const mine = client
    try {
      await (await mine).query(`notify ${OUTBOX_CHANNEL}`)
    } catch (err) {
      if (client === mine) client = undefined
      letGo(mine)
      throw err
    }
  }

  function follow(connectionString: string): void {
    if (client) letGo(client)
    client = undefined
    address = connectionString
  }

  async function close(): Promise<void> {
    clearTimeout(due)
    address = undefined
    if (client) letGo(client)
    client = undefined
  }
}

/** A ring changes nothing that could be lost, so its commit waits for no other node. */
async function connect(connectionString: string): Promise<Client> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_MS_MAX, query_timeout: CONNECT_MS_MAX })
  client.on('error', () => {}) // the next ring finds out
  await client.connect()
  await client.query('set synchronous_commit = off')
  return client
}

/** Not awaited: its node may be frozen. */
function letGo(client: Promise<Client>): void {
  client.then((open) => open.end()).catch(() => {})
}
