import { rmSync } from 'node:fs'
import type { Term } from '../../chassis/postgres-node.ts'
import { createCluster, identifierOf, newDirectory } from './create-cluster.ts'
import { type Node, startOwn } from './node.ts'
import { reign } from './promote.ts'
import { readSettled } from './reading.ts'
import { refuse } from './refusals.ts'
import { mayCreate } from './rules.ts'
import { makeDirectory } from './settings.ts'

const START_MS_MAX = 10_000

/**
 * Creates the cluster here, once, and reigns over it. Asked only when every
 * node said that it never held data. What a crash left unfinished before the
 * identifier was written down is nothing; what it left after that, and before
 * any reign began, is taken up again.
 *
 * @throws Refusal `HAS_DATA` or `PROMISED_HIGHER`.
 */
export function bootstrap(node: Node, term: Term): Promise<void> {
  return node.inTurn(async () => {
    const state = node.store.read()
    const verdict = mayCreate(node.config.NODE_NAME, state, term)
    if (verdict === 'refused') throw refuse('PROMISED_HIGHER', { promise: state.promise })
    if (verdict === 'has-data') throw refuse('HAS_DATA')
    if (verdict === 'resume') await refuseReigned(node)
    node.store.write({ promise: term })
    if (verdict === 'create') await create(node, term.epoch)
    await startOwn(node)
    const reading = await readSettled(node.socket, START_MS_MAX)
    if (!reading) throw refuse('NOT_READY')
    await reign(node, term, reading)
  })
}

/** Data that this node made itself and in which nobody ever reigned were never seen by a client. */
async function refuseReigned({ socket, server }: Node): Promise<void> {
  const reading = await readSettled(socket, START_MS_MAX)
  if (!reading) throw refuse('NOT_READY')
  if (reading.rowEpoch > 0) throw refuse('HAS_DATA')
  await server.stop()
}

async function create(node: Node, epoch: number): Promise<void> {
  const { config, passwords, user, store, log } = node
  const directory = newDirectory(config, epoch)
  makeDirectory(user, directory)
  try {
    await createCluster(config, passwords, user, directory)
  } catch (err) {
    rmSync(directory, { recursive: true, force: true })
    throw err
  }
  const systemIdentifier = await identifierOf(config, user, directory)
  store.write({ systemIdentifier, directory, followed: { epoch, leader: config.NODE_NAME }, ledFrom: null })
  log.info({ systemIdentifier }, 'cluster created')
}
