import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Log } from '../../chassis/log.ts'
import type { Duty } from './duty.ts'
import { drain } from './follow.ts'
import { installInto } from './install.ts'
import type { Layout } from './layout.ts'
import { ensureIdentity, noteRole, readLineage } from './lineage.ts'
import type { NodeState } from './peer.ts'
import type { Role } from './role.ts'
import { readReplication, readStatus, type Status } from './status.ts'

const BLOCKED_SECONDS_MAX = 3
const DRAIN_MS_MAX = 2_000

/**
 * Leads its data, and never makes itself anew while it has any: broken data of a
 * primary are for a person to look at.
 *
 * It takes writes once it knows that nobody was promoted over it: the other
 * agent says so, or the other node follows it. While neither can be asked it
 * stays readable and takes none: no commit could be acknowledged anyway, and
 * one that were tried would stand in its log against another leader's. Data that
 * never had a name are opened only when the other node says that it has none.
 *
 * @param heard - What the other agent said in this pass.
 */
export function primaryDuty(layout: Layout, role: Role, heard: () => NodeState | undefined, log: Log, signal: AbortSignal): Duty {
  return {
    async prepare() {
      if (existsSync(layout.data)) return
      log.info('an empty database is installed')
      await installInto(layout, signal)
      await rename(layout.making, layout.data)
    },
    async greet(connection) {
      await endFollowing(connection)
      await noteRole(connection, role)
      await connection.query('set global rpl_semi_sync_master_enabled = ?', [!role.alone])
    },
    async look(connection) {
      if ((await readStatus(connection)).readOnly && (await mayWrite(connection))) await open(connection)
      const status = await readStatus(connection)
      if (status.semiSync.waiting > 0) await releaseBlockedCopy(connection, log)
      return { missing: missingOf(status, role), status }
    }
  }

  async function mayWrite(connection: Connection): Promise<boolean> {
    const other = heard()
    const { identity } = await readLineage(connection)
    if (!identity) return other?.hasData === false // a leader that lost its data is not the beginning of new ones
    if (other) return other.term === role.term && other.leader === role.leader
    return role.alone || (await readStatus(connection)).semiSync.replicas > 0
  }

  async function open(connection: Connection): Promise<void> {
    await ensureIdentity(connection)
    await connection.query('set global read_only = 0')
    log.info({ term: role.term, alone: role.alone }, 'takes writes')
  }
}

/** What a promoted node had received is applied before it forgets whom it followed. */
async function endFollowing(connection: Connection): Promise<void> {
  if (!(await readReplication(connection))) return
  if (!(await drain(connection, DRAIN_MS_MAX))) throw new Error('what the former primary sent is still being applied')
  await connection.query('stop slave')
  await connection.query('reset slave all')
}

function missingOf({ readOnly, semiSync }: Status, { alone }: Role): string[] {
  return [
    ...(readOnly ? ['permission to write: the other node has to be asked first'] : []),
    ...(semiSync.on || alone ? [] : ['semi-synchronous commit']),
    ...(semiSync.replicas > 0 || alone ? [] : ['a connected replica'])
  ]
}

/**
 * A definition that waits for a replica holds its table's metadata lock, and a
 * new replica cannot copy the table: both would wait for ever. When a copy is
 * blocked like that, the sessions that wait for a replica are closed: what they
 * did is in the binlog and so in the copy's future, and their callers learn that
 * they do not know.
 */
async function releaseBlockedCopy(connection: Connection, log: Log): Promise<void> {
  const [sessions] = await connection.query<RowDataPacket[]>(
    "select id, user, state, time_ms / 1000 as seconds from information_schema.processlist where command = 'Query'"
  )
  const blocked = sessions.some(
    ({ user, state, seconds }) => user === 'replicator' && /metadata lock/.test(state) && seconds > BLOCKED_SECONDS_MAX
  )
  if (!blocked) return
  const waiting = sessions.filter(({ state }) => /semi-sync ACK|Writing to binlog/.test(state))
  for (const { id } of waiting) await connection.query('kill ?', [id])
  if (waiting.length > 0) log.warn({ sessions: waiting.length }, 'sessions closed: they waited for a replica and kept it from being copied')
}
