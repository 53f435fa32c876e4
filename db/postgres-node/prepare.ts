import type { Prepared, Term } from '../../chassis/postgres-node.ts'
import { type Node, startOwn } from './node.ts'
import { hasOpened } from './processes.ts'
import { type Reading, read, readSettled } from './reading.ts'
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
    const reading = await standStill(node)
    if (!reading) throw refuse('NOT_READY')
    node.prepared = { term, reading }
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

/**
 * Follows nobody, writes nothing, and has replayed all it has.
 *
 * @returns Nothing when it cannot be sure of that yet.
 */
export async function standStill(node: Node): Promise<Reading | undefined> {
  const deadline = performance.now() + SETTLE_MS_MAX
  await letGo(node)
  while (performance.now() < deadline) {
    const reading = await readSettled(node.socket, deadline - performance.now())
    // The process table has the last word: a receiver may have been launched just before it was read that there is none.
    if (!reading || !node.server.receives()) return reading
    node.still = false
    await letGo(node)
  }
  return undefined
}

/**
 * Follows nobody and writes nothing from here on. Whoever does not answer is
 * treated like a primary, as nobody can say what it would still do; unless it
 * only starts, and was started here to follow nobody.
 */
export async function letGo(node: Node): Promise<void> {
  const reading = await read(node.socket)
  const running = node.server.directory()
  const starting = !reading && running !== undefined && !hasOpened(running)
  if (node.still && (starting || reading?.standby)) return
  if (reading?.standby) node.still = await node.server.detach()
  if (node.still && reading?.standby) return
  await node.server.kill()
  await startOwn(node)
}
