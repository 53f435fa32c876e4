import pg from 'pg'
import { crashPoint } from '../chassis/crash-point.ts'
import type { Log } from '../chassis/log.ts'
import { nodesOf } from '../chassis/primary.ts'

const CONNECT_MS_MAX = 1_000

export interface Gate {
  /** Makes the first commit of a reign, unless it is being made. Its row is visible once a second node has it. */
  open: (host: string, node: string, epoch: number) => void
  close: () => void
}

/**
 * The commit is never cancelled: a cancel would show the row to clients before
 * a second node has it. It waits as long as its connection lives, and that ends
 * with the reign: the next election kills the primary.
 *
 * @param nodes - The address of every node, role control.
 */
export function openGate(nodes: string, log: Log): Gate {
  let waiting: { epoch: number; client: pg.Client } | undefined

  return {
    open(host, node, epoch) {
      if (waiting?.epoch === epoch) return
      const connectionString = nodesOf(nodes).find((one) => new URL(one).hostname === host)
      const client = new pg.Client({ connectionString: connectionString ?? '', connectionTimeoutMillis: CONNECT_MS_MAX, keepAlive: true })
      client.on('error', () => {}) // the commit below says it
      const mine = { epoch, client }
      waiting = mine
      reign(client, node, epoch)
        .then(() => {
          log.info({ node, epoch }, 'first commit of the reign')
          crashPoint('failover-gated')
        })
        .catch((err: unknown) => log.warn({ err, node, epoch }, 'the first commit of the reign failed'))
        .finally(() => {
          if (waiting === mine) waiting = undefined
          client.end().catch(() => {})
        })
    },
    close() {
      waiting?.client.end().catch(() => {})
    }
  }
}

async function reign(client: pg.Client, node: string, epoch: number): Promise<void> {
  await client.connect()
  await client.query('insert into public.reign (epoch, node) values ($1, $2) on conflict do nothing', [epoch, node])
}
