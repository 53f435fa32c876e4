import { closeSync, openSync, readSync } from 'node:fs'
import { type Loop, repeat } from '../../chassis/repeat.ts'
import { flushedBy } from './ask-primary.ts'
import { logBytes, logOf } from './launch.ts'
import type { Node } from './node.ts'
import { read } from './reading.ts'
import { isSameTerm } from './rules.ts'
import { upstreamOf } from './settings.ts'

const LOOK_MS = 500
const ANSWER_MS_MAX = 300
/** Longer than a stream takes to come back when both ends are well. */
const SILENT_MS_MAX = 10_000
const TAIL_BYTES_MAX = 64_000

/** In the words of PostgreSQL: what this node needs next is nowhere any more. */
const REMOVED = /could not receive data from WAL stream: ERROR: +requested WAL segment \w+ has already been removed/

/** Follows from now on, under the node's own name. Whom, was written down before. */
export async function beginStream(node: Node, leader: string): Promise<void> {
  node.prepared = undefined
  node.needsCopy = undefined
  node.still = false
  node.logFrom = logBytes(node.config)
  await node.server.attach(leader, node.config.NODE_NAME)
}

/**
 * Notices that following leads nowhere: what is needed was removed, or neither
 * WAL comes nor is there any left to replay. Then only a copy helps, and the
 * node says so; but only while its primary answers it, as a dead or frozen one
 * is no reason to give up data.
 */
export function watchStream(node: Node): Loop {
  let stood: { replayed: number; sinceMs: number } | undefined

  return repeat(node.log, LOOK_MS, async () => {
    const leader = await silentUpstream()
    if (!leader || !stood) return 0
    const removed = REMOVED.test(tailOf(node))
    if (removed || performance.now() - stood.sinceMs >= SILENT_MS_MAX) await giveUp(node, leader, removed)
    return 0
  })

  /** Whom it follows without getting anything. Replaying what it has is getting on. */
  async function silentUpstream(): Promise<string | null> {
    const reading = node.copy ? undefined : await read(node.socket, ANSWER_MS_MAX)
    const leader = reading?.standby ? upstreamOf(node.config, reading.conninfo) : null
    if (reading?.streaming) node.needsCopy = undefined
    if (!reading || !leader || reading.streaming) stood = undefined
    else if (stood?.replayed !== reading.replayed) stood = { replayed: reading.replayed, sinceMs: performance.now() }
    return leader
  }
}

/** The primary's answer takes a while; what was ordered meanwhile counts more. */
async function giveUp(node: Node, leader: string, removed: boolean): Promise<void> {
  const { promise } = node.store.read()
  const answers = await flushedBy(node, leader).then(
    () => true,
    () => false
  )
  const { promise: now, followed } = node.store.read()
  const unchanged = isSameTerm(promise, now) && followed?.epoch === now.epoch && followed.leader === leader
  if (!answers || !unchanged || node.copy || node.prepared || node.needsCopy) return
  node.needsCopy = now
  node.log.warn({ leader, removed }, 'does not stream: only a copy helps')
}

/** What PostgreSQL said since this node was told whom to follow. A log that was begun anew is read whole. */
function tailOf(node: Node): string {
  const size = logBytes(node.config)
  const begun = node.logFrom > size ? 0 : node.logFrom
  const length = Math.min(size - begun, TAIL_BYTES_MAX)
  if (length === 0) return ''
  const descriptor = openSync(logOf(node.config), 'r')
  const buffer = Buffer.alloc(length)
  readSync(descriptor, buffer, 0, length, size - length)
  closeSync(descriptor)
  return buffer.toString()
}
