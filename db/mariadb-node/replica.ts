import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../chassis/log.ts'
import { makeCopy, takeCopy } from './copy.ts'
import type { Duty } from './duty.ts'
import { nextStep, pointAt } from './follow.ts'
import type { Layout } from './layout.ts'
import { forbidsFollowing, type Lineage, readLineage } from './lineage.ts'
import type { Server } from './server.ts'
import { type Replication, readReplication, readStatus } from './status.ts'
import { ask, type Source } from './visit.ts'

const FAILED_STARTS_MAX = 3
const STOP_MS_MAX = 20_000
const PAUSE_MS = 1_000
const PRIMARY_MS_MAX = 1_000
const NOT_THE_DATA = /Bind on|Permission denied|No space left|unknown (option|variable)/i

/** Follows the primary, and copies it when its own data are gone, do not start, or cannot follow any more. */
export function replicaDuty(layout: Layout, source: Source, server: Server, log: Log, signal: AbortSignal): Duty {
  let own: Lineage | undefined
  let starts = 0
  let lost = false

  return {
    async prepare() {
      const exists = existsSync(layout.data)
      if (exists && !lost && !doesNotStart()) return
      server.forgive() // should the copy fail, what is there is tried again
      log.info({ exists, lost }, 'a copy of the primary is made')
      const copy = await makeCopy(layout, source, await treasure(layout, exists, own), signal).catch(async (err: unknown) => {
        await sleep(PAUSE_MS, undefined, { signal })
        throw err
      })
      await server.stop(STOP_MS_MAX)
      await takeCopy(layout, copy)
      lost = false
      log.info({ position: copy.position }, 'a copy of the primary is in place')
    },
    async look(connection) {
      own = await readLineage(connection)
      const stranger = await strangeness(source, own)
      if (stranger) {
        await connection.query('stop slave io_thread')
        return { missing: [stranger], status: await readStatus(connection) }
      }
      const replication = await readReplication(connection)
      const step = nextStep(replication, source, starts)
      starts = step === 'none' ? 0 : starts + 1
      lost = step === 'copy'
      if (step === 'point') await pointAt(connection, source)
      if (step === 'start') await connection.query('start slave')
      return { missing: missingOf(replication), status: await readStatus(connection), ...(replication ? { replication } : {}) }
    }
  }

  function doesNotStart(): boolean {
    const { starts: failed, words } = server.failed()
    return failed >= FAILED_STARTS_MAX && !NOT_THE_DATA.test(words)
  }
}

/** A server reconnects by itself, so this is asked at every pass. A primary that is away is no stranger. */
async function strangeness(source: Source, own: Lineage): Promise<string | undefined> {
  const primary = await ask(source, readLineage, PRIMARY_MS_MAX).catch(() => undefined)
  return primary && forbidsFollowing(own, primary)
}

/** What a copy would replace; data that do not start can still say whose they are. */
async function treasure(layout: Layout, exists: boolean, own: Lineage | undefined): Promise<Lineage> {
  if (!exists) return { identity: undefined, position: '' }
  if (own) return own
  const identity = await readFile(layout.identity, 'utf8').catch(() => '')
  return { identity: identity.trim() || undefined, position: '' }
}

function missingOf(replication: Replication | undefined): string[] {
  return [
    ...(replication?.io === 'Yes' ? [] : ['a connection to the primary']),
    ...(replication?.sql === 'Yes' ? [] : ['a running replication']),
    ...(replication?.error ? [replication.error] : [])
  ]
}
