import type { Term } from '../../chassis/postgres-node.ts'
import { type Node, startOwn } from './node.ts'
import { type Reading, read, readSettled } from './reading.ts'
import { refuse } from './refusals.ts'
import { ledState, mayPromote } from './rules.ts'

const SETTLE_MS_MAX = 2_000
const PROMOTE_MS_MAX = 10_000

/**
 * Becomes the primary of a reign it was prepared for. Whose reign it followed
 * until now, and where its WAL ended, is written down first: by that the others
 * know whether they may follow without a copy.
 *
 * @throws Refusal `NOT_PREPARED`. Safe to repeat.
 */
export function promote(node: Node, term: Term): Promise<void> {
  return node.inTurn(async () => {
    const verdict = mayPromote(node.store.read(), node.prepared, term)
    if (verdict === 'done' && (await read(node.socket))?.standby === false) return
    if (verdict !== 'promote') throw refuse('NOT_PREPARED')
    const reading = await readSettled(node.socket, SETTLE_MS_MAX)
    if (!reading) throw refuse('NOT_READY')
    await reign(node, term, reading)
  })
}

/** @throws Error when it did not work; then it is a standby that follows nobody again. */
export async function reign(node: Node, term: Term, { replayed }: Reading): Promise<void> {
  const { config, store, log } = node
  store.write(ledState(store.read(), config.NODE_NAME, term, replayed))
  node.prepared = undefined
  try {
    await startWriting(node)
  } catch (err) {
    await node.server.kill() // a promotion that is late would be a primary that nobody asked for
    await startOwn(node)
    throw err
  }
  log.info({ epoch: term.epoch }, 'promoted')
  node.socket.query({ text: 'checkpoint', query_timeout: 60_000 } as { text: string }).catch((err: unknown) => {
    log.warn({ err }, 'no checkpoint after the promotion')
  })
}

async function startWriting({ socket }: Node): Promise<void> {
  const statement = { text: `select pg_promote(true, ${PROMOTE_MS_MAX / 1_000}) as done`, query_timeout: PROMOTE_MS_MAX + 1_000 }
  const { rows } = await socket.query<{ done: boolean }>(statement)
  if (!rows[0]?.done) throw new Error('promotion took too long')
}
