import pg from 'pg'

const ANSWER_MS_MAX = 500

/** What a node says of itself to whoever asks. `epoch` is the reign it leads, if that is in force. */
export interface Answer {
  standby: boolean
  streaming: boolean
  epoch: number | null
}

export interface Probe {
  url: string
  /** @returns `silent` when it did not answer in time, nothing when there is nobody to answer. */
  ask: () => Promise<Answer | 'silent' | undefined>
  close: () => Promise<void>
}

/**
 * A connection of its own to one node, kept from question to question.
 *
 * @param onLost - The connection broke: something happened there.
 */
export function openProbe(url: string, onLost: () => void): Probe {
  let client: pg.Client | undefined

  return {
    url,
    async ask() {
      try {
        client ??= await connect()
        const { rows } = await client.query<Answer>({ name: 'probe', text: ASK })
        return rows[0]
      } catch (err) {
        drop()
        return isSilence(err) ? 'silent' : undefined
      }
    },
    async close() {
      drop()
    }
  }

  async function connect(): Promise<pg.Client> {
    const opened = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: ANSWER_MS_MAX,
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
      opened.end().catch(() => {})
      throw err
    }
    return opened
  }

  /** Its server may be frozen: nothing is awaited. */
  function drop(): void {
    const old = client
    client = undefined
    old?.end().catch(() => {})
  }
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

function isSilence(err: unknown): boolean {
  return /timeout/i.test(String((err as { message?: string }).message))
}
