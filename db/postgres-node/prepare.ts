import type { Prepared, Term } from '../../chassis/postgres-node.ts'
import { type Node, startOwn } from './node.ts'
import { read, readSettled } from './reading.ts'
import { refuse } from './refusals.ts'
import { grantOf, isSameTerm } from './rules.ts'

const SETTLE_MS_MAX = 4_000

/**
 * Promises to obey no earlier election, stops taking in and giving out commits,
 * and says how far it is. A promise is never withdrawn, only exceeded; the same
 * question again gets the answer of now.
 *
 * A primary is killed, and comes back as a standby that follows nobody. A
 * standby lets go of its primary. A copy under way is given up.
 *
 * @throws Refusal `PROMISED_HIGHER`, or `NOT_READY` when it cannot be sure yet.
 */
export async function prepare(node: Node, term: Term): Promise<Prepared> {
  grant(node, term)
  node.copy?.abort.abort()
  return node.inTurn(async () => {
    if (!isSameTerm(node.store.read().promise, term)) throw refuse('PROMISED_HIGHER')
    if (!node.store.read().directory) throw refuse('NOT_READY')
    if (!node.prepared || !isSameTerm(node.prepared, term)) await standStill(node)
    const reading = await readSettled(node.socket, SETTLE_MS_MAX)
    if (!reading) throw refuse('NOT_READY')
    node.prepared = term
    return { rowEpoch: reading.rowEpoch, lsn: reading.lsn }
  })
}

/** Written down before anything is done about it. */
function grant(node: Node, term: Term): void {
  const state = node.store.read()
  const verdict = grantOf(state, term)
  if (verdict === 'refused') throw refuse('PROMISED_HIGHER', { promise: state.promise })
  if (verdict === 'granted') node.store.write({ promise: term })
}

/** Whoever does not answer is treated like a primary: nobody can say what it would still do. */
export async function standStill(node: Node): Promise<void> {
  const reading = await read(node.socket)
  if (reading?.standby) return node.server.detach()
  await node.server.kill()
  await startOwn(node)
}
