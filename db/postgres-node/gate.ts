import { unavailable } from '../../chassis/errors.ts'
import type { Term } from '../../chassis/postgres-node.ts'
import type { Node } from './node.ts'
import { read } from './reading.ts'
import { refuse } from './refusals.ts'
import { mayGate } from './rules.ts'

/** It waits as long as its PostgreSQL lives. */
const COMMIT_MS_MAX = 2_147_483_647

/**
 * Makes the first commit of the reign that this node leads, unless it is made or
 * being made. Its row is visible once a second node has it: nobody waits for
 * that here.
 *
 * Only the agent can do this. The row must be written by the very primary that
 * was promoted for the term, and in its turn no order comes between the look and
 * the sending: a later reign of the same node kills this connection with its PostgreSQL.
 * The commit is never cancelled, because a cancel would show the row too early.
 *
 * @throws Refusal `NOT_LEADING`. Safe to repeat.
 */
export function gate(node: Node, { epoch }: Pick<Term, 'epoch'>): Promise<void> {
  return node.inTurn(async () => {
    const reading = await read(node.socket)
    if (!mayGate(node.store.read(), node.config.NODE_NAME, epoch) || reading?.standby !== false) throw refuse('NOT_LEADING')
    if (reading.rowEpoch >= epoch || node.gating === epoch) return
    const client = await node.socket.connect().catch((err: unknown) => {
      throw unavailable('PostgreSQL', err)
    })
    node.gating = epoch
    const text = 'insert into public.reign (epoch, node) values ($1, $2) on conflict do nothing'
    const values = [epoch, node.config.NODE_NAME]
    client
      .query({ text, values, query_timeout: COMMIT_MS_MAX } as { text: string; values: unknown[] })
      .then(() => node.log.info({ epoch }, 'first commit of the reign'))
      .catch((err: unknown) => node.log.warn({ err, epoch }, 'the first commit of the reign failed'))
      .finally(() => {
        if (node.gating === epoch) node.gating = undefined
        client.release(true)
      })
  })
}
