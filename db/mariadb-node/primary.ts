import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Log } from '../../chassis/log.ts'
import type { Duty } from './duty.ts'
import { installInto } from './install.ts'
import type { Layout } from './layout.ts'
import { ensureIdentity } from './lineage.ts'
import { readStatus } from './status.ts'

const BLOCKED_SECONDS_MAX = 3

/** Leads its data, and never makes itself anew while it has any: broken data of a primary are for a person to look at. */
export function primaryDuty(layout: Layout, log: Log, signal: AbortSignal): Duty {
  return {
    async prepare() {
      if (existsSync(layout.data)) return
      log.info('an empty database is installed')
      await installInto(layout, signal)
      await rename(layout.making, layout.data)
    },
    greet: ensureIdentity,
    async look(connection) {
      const status = await readStatus(connection)
      if (status.semiSync.waiting > 0) await releaseBlockedCopy(connection, log)
      const missing = [
        ...(status.readOnly ? ['permission to write'] : []),
        ...(status.semiSync.on ? [] : ['semi-synchronous commit']),
        ...(status.semiSync.replicas > 0 ? [] : ['a connected replica'])
      ]
      return { missing, status }
    }
  }
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
