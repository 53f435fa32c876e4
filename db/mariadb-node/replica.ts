import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import type { Log } from '../../chassis/log.ts'
import { makeCopy, takeCopy } from './copy.ts'
import type { Duty } from './duty.ts'
import { nextStep, pointAt, reached } from './follow.ts'
import type { Layout } from './layout.ts'
import { type Dated, forbidsFollowing, type Lineage, noteRole, type Primary, readLineage, readPrimary } from './lineage.ts'
import type { Roles } from './role.ts'
import type { Server } from './server.ts'
import { type Replication, readReplication, readStatus } from './status.ts'
import { ask, type Source } from './visit.ts'

const FAILED_STARTS_MAX = 3
const STOP_MS_MAX = 20_000
const PAUSE_MS = 1_000
const PRIMARY_MS_MAX = 1_000
const CATCH_UP_MS = 300
const STEADY_LOOKS = 2 // a position that the primary does not know is refused between the first and the second
const NOT_THE_DATA = /Bind on|Permission denied|No space left|unknown (option|variable)/i

/** Follows the leader, and copies it when its own data are gone, do not start, or cannot follow any more. */
export function replicaDuty(layout: Layout, source: Source, roles: Roles, server: Server, log: Log, signal: AbortSignal): Duty {
  const { term, leader, alone } = roles.read()
  let own: Lineage | undefined
  let starts = 0
  let steady = 0
  let lost = false
  let fenced = roles.read().joined === term
  const isWhole = () => steady >= STEADY_LOOKS

  return {
    async prepare() {
      if (!fenced) await server.kill() // it may have led before, and be frozen: what nobody acknowledged is cut off at its start
      fenced = true
      const exists = existsSync(layout.data)
      if (exists && !lost && !doesNotStart()) return
      server.forgive() // should the copy fail, what is there is tried again
      log.info({ exists, lost }, 'a copy of the primary is made')
      const copy = await makeCopy(layout, source, await treasure(exists), term, signal).catch(async (err: unknown) => {
        await sleep(PAUSE_MS, undefined, { signal })
        throw err
      })
      await server.stop(STOP_MS_MAX)
      await takeCopy(layout, copy)
      lost = false
      log.info({ position: copy.position }, 'a copy of the primary is in place')
    },
    async greet(connection) {
      steady = 0
      await connection.query('set global read_only = 1, global rpl_semi_sync_master_enabled = 0')
      await noteRole(connection, { term, leader })
    },
    async look(connection) {
      const primary = await ask(source, readPrimary, PRIMARY_MS_MAX).catch(() => undefined)
      own = await readLineage(connection)
      lost = !own.identity // it led once, and had just lost its data
      const stranger = lost ? 'data that came from a primary' : primary && forbidsFollowing(dated(own), { ...primary, term })
      if (stranger) {
        await connection.query('stop slave io_thread')
        return { missing: [stranger], status: await readStatus(connection), whole: false }
      }
      const replication = await readReplication(connection)
      const step = nextStep(replication, source, starts)
      starts = step === 'none' ? 0 : starts + 1
      lost = step === 'copy'
      if (step === 'none') await noteJoined(connection, primary, replication)
      else if (step === 'point' || replication?.sql !== 'Yes' || !isWhole()) steady = 0 // a whole start drops what was received and not applied
      if (step === 'point') await pointAt(connection, source)
      if (step === 'start') await connection.query('start slave')
      return {
        missing: missingOf(replication),
        status: await readStatus(connection),
        ...(replication ? { replication } : {}),
        whole: isWhole()
      }
    }
  }

  /**
   * It has had all of the primary's; what comes later is acknowledged by this
   * server itself, and stays with it until the next start. A leader that goes on
   * alone, or still does, waits for no such thing.
   */
  async function noteJoined(connection: Connection, primary: Primary | undefined, replication: Replication | undefined): Promise<void> {
    if (alone || isWhole() || !primary?.waits || replication?.io !== 'Yes') return
    if (!(await reached(connection, primary.position, CATCH_UP_MS))) return
    steady++
    if (isWhole() && roles.read().joined < term) await roles.write({ joined: term })
  }

  function dated(lineage: Lineage): Dated {
    return { ...lineage, term: roles.read().joined }
  }

  function doesNotStart(): boolean {
    const { starts: failed, words } = server.failed()
    return failed >= FAILED_STARTS_MAX && !NOT_THE_DATA.test(words)
  }

  /** What a copy would replace; data that do not start can still say whose they are. */
  async function treasure(exists: boolean): Promise<Dated> {
    if (!exists) return dated({ identity: undefined, position: '' })
    if (own) return dated(own)
    const identity = await readFile(layout.identity, 'utf8').catch(() => '')
    return dated({ identity: identity.trim() || undefined, position: '' })
  }
}

function missingOf(replication: Replication | undefined): string[] {
  return [
    ...(replication?.io === 'Yes' ? [] : ['a connection to the primary']),
    ...(replication?.sql === 'Yes' ? [] : ['a running replication']),
    ...(replication?.error ? [replication.error] : [])
  ]
}
