import type { Socket } from 'node:net'
import pg from 'pg'

const ANSWER_MS_MAX = 500
/** A connection takes three questions and their answers: a node that is far away is none that says nothing. */
const CONNECT_MS_MAX = 1_000

/** What a node says of itself to whoever asks. `epoch` is the reign it leads, if that is in force. */
export interface Answer {
  standby: boolean
  streaming: boolean
  epoch: number | null
}

/** `silent`: it did not answer in time. `gone`: there is nobody to answer. */
export type Said = Answer | 'silent' | 'gone'

export interface Probe {
  ask: () => Promise<Said>
  close: () => void
}

/**
 * A connection of its own to one node, kept from question to question. There
 * is never more than one.
 *
 * @param onLost - The connection broke: something happened there.
 */
export function openProbe(url: string, onLost: () => void): Probe {
  let client: pg.Client | undefined

  return { ask, close: drop }

  async function ask(): Promise<Said> {
    try {
      client ??= await connect()
      const { rows } = await client.query<Answer>({ name: 'probe', text: ASK })
      return rows[0]!
    } catch (err) {
      drop()
      return isSilence(err) ? 'silent' : 'gone'
    }
  }

  async function connect(): Promise<pg.Client> {
    const opened = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS_MAX,
      query_timeout: ANSWER_MS_MAX,
      keepAlive: true
    })
    opened.on('error', () => {
      if (client !== opened) return
      client = undefined
      onLost()
    })
    try {
      await opened.connect()
    } catch (err) {
      destroy(opened)
      throw err
    }
    return opened
  }

  function drop(): void {
    const old = client
    client = undefined
    if (old) destroy(old)
  }
}

/** Without a goodbye: a frozen server would never take it, and the connection would stay. */
function destroy(client: pg.Client): void {
  ;(client as unknown as { connection: { stream: Socket } }).connection.stream.destroy()
}

/** The row must have been written on the timeline of now: one of an earlier reign of the same node proves nothing. */
const ASK = `
  select pg_is_in_recovery() as standby,
         exists (select from pg_stat_wal_receiver where pid is not null) as streaming,
         case when pg_is_in_recovery() then null else (
           select newest.epoch::float8
           from (select epoch, node, timeline from public.reign order by epoch desc limit 1) newest
           where newest.node = current_setting('cluster_name')
             and newest.timeline = ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer
         ) end as epoch`

/** Nothing came in time, or the node has no room for another connection: it may well be alive. */
function isSilence(err: unknown): boolean {
  const { code = '', message = '' } = err as { code?: string; message?: string }
  return /^53/.test(code) || /timeout/i.test(message)
}
