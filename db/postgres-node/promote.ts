import { setTimeout as sleep } from 'node:timers/promises'
import type { Term } from '../../chassis/postgres-node.ts'
import { type Node, startOwn } from './node.ts'
import { isUntouched, type Reading, read } from './reading.ts'
import { refuse } from './refusals.ts'
import { ledState, mayPromote } from './rules.ts'

const LOOK_MS = 20
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
    const verdict = mayPromote(node.store.read(), node.prepared?.term, term)
    const reading = await read(node.socket)
    if (verdict === 'done' && reading?.standby === false) return
    if (verdict !== 'promote' || !node.prepared) throw refuse('NOT_PREPARED')
    if (!reading) throw refuse('NOT_READY')
    if (!isUntouched(node.prepared.reading, reading)) throw refuse('NOT_PREPARED')
    await reign(node, term, reading)
  })
}

/** @throws Error when it did not work; then it is a standby that follows nobody again. */
export async function reign(node: Node, term: Term, { replayed }: Reading): Promise<void> {
  const { config, store, log } = node
  store.write(ledState(store.read(), config.NODE_NAME, term, replayed))
  node.prepared = undefined
  node.still = false
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

/** Looks by itself whether it is done: PostgreSQL's own wait looks ten times a second. */
async function startWriting({ socket }: Node): Promise<void> {
  const deadline = performance.now() + PROMOTE_MS_MAX
  await socket.query('select pg_promote(false)')
  while (performance.now() < deadline) {
    const { rows } = await socket.query<{ standby: boolean }>('select pg_is_in_recovery() as standby')
    if (rows[0]?.standby === false) return
    await sleep(LOOK_MS)
  }
  throw new Error('promotion took too long')
}
