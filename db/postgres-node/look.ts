import { isDeepStrictEqual } from 'node:util'
import type { NodeState } from '../../chassis/postgres-node.ts'
import { upstreamOf } from './follow.ts'
import type { Node } from './node.ts'
import { type Reading, read } from './reading.ts'

/** What this node is now: what it remembers, and what its PostgreSQL says when asked. */
export async function look(node: Node): Promise<NodeState> {
  const reading = node.server.directory() ? await read(node.socket) : undefined
  const { directory, promise, followed, ledFrom, systemIdentifier } = node.store.read()
  return {
    node: node.config.NODE_NAME,
    role: roleOf(directory, reading),
    systemIdentifier,
    promise,
    followed,
    ledFrom,
    rowEpoch: reading?.rowEpoch ?? null,
    lsn: reading?.lsn ?? null,
    upstream: reading?.standby ? upstreamOf(node, reading.conninfo) : null,
    streaming: reading?.streaming ?? false,
    copying: node.copy !== undefined,
    needsCopy: isDeepStrictEqual(node.needsCopy, promise)
  }
}

/** A copy that is being tried out is not this node's data yet. */
function roleOf(directory: string | null, reading: Reading | undefined): NodeState['role'] {
  if (!directory) return 'empty'
  if (!reading) return 'down'
  return reading.standby ? 'standby' : 'primary'
}
