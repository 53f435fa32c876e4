import type { NodeState } from '../../chassis/postgres-node.ts'
import type { Node } from './node.ts'
import { hasOpened } from './processes.ts'
import { type Reading, read } from './reading.ts'
import { isSameTerm } from './rules.ts'
import { upstreamOf } from './settings.ts'

/** A PostgreSQL that is well answers in a few; the controller waits for this look. */
const ANSWER_MS_MAX = 300

/** What this node is now: what it remembers, and what its PostgreSQL says when asked. */
export async function look(node: Node): Promise<NodeState> {
  const reading = node.server.directory() ? await read(node.socket, ANSWER_MS_MAX) : undefined
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
    upstream: reading?.standby ? upstreamOf(node.config, reading.conninfo) : null,
    streaming: reading?.streaming ?? false,
    copying: node.copy !== undefined,
    ...(node.copy && { copyProgress: node.copy.progress }),
    needsCopy: node.needsCopy !== undefined && isSameTerm(node.needsCopy, promise)
  }
}

/** A copy that is being tried out is not this node's data yet. */
function roleOf(directory: string | null, reading: Reading | undefined): NodeState['role'] {
  if (!directory) return 'empty'
  if (!reading) return hasOpened(directory) ? 'silent' : 'down'
  return reading.standby ? 'standby' : 'primary'
}
