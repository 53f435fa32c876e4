import type { Connection } from 'mysql2/promise'
import type { Log } from '../../chassis/log.ts'
import type { MariadbPasswords } from '../config.ts'
import { ensureAccounts } from './accounts.ts'
import { type Place, serverArguments } from './command-line.ts'
import type { Report } from './duty.ts'
import { drain } from './follow.ts'
import type { Layout } from './layout.ts'
import { primaryDuty } from './primary.ts'
import { replicaDuty } from './replica.ts'
import { openServer } from './server.ts'
import type { Source } from './visit.ts'
import { visit } from './visit.ts'

export interface Node {
  /** One look at the node, and the next step towards what it should be. */
  tendOnce: () => Promise<number>
  report: () => Report
  /** To be called when no pass comes any more; see {@link Node.letGo}. */
  stop: (msMax: number) => Promise<void>
  /** Ends the pass in progress early. */
  letGo: () => void
}

const DRAIN_MS_MAX = 1_000

/** Keeps one MariaDB server what its role says. */
export function mariadbNode(layout: Layout, place: Place, source: Source, passwords: MariadbPasswords, log: Log, nudge: () => void): Node {
  const stopping = new AbortController()
  const server = openServer(layout, serverArguments(layout, place), log, stopping.signal, ended)
  const duty =
    place.role === 'primary' ? primaryDuty(layout, log, stopping.signal) : replicaDuty(layout, source, server, log, stopping.signal)
  let report: Report = { missing: ['mariadbd'] }
  let greeted: number | undefined

  return { tendOnce, report: () => report, stop, letGo: () => stopping.abort() }

  function ended(): void {
    report = { missing: ['mariadbd: it has ended'] }
    nudge()
  }

  async function tendOnce(): Promise<number> {
    try {
      await duty.prepare()
      const pid = await server.ensure()
      report = { pid, ...(await visit(layout.socket, (connection) => greetAndLook(connection, pid))) }
      server.forgive()
    } catch (err) {
      const missing = (err as Error).message
      if (!stopping.signal.aborted && missing !== report.missing[0]) log.warn({ err }, 'not what it should be')
      report = { missing: [missing] }
    }
    return 0
  }

  async function greetAndLook(connection: Connection, pid: number): Promise<Report> {
    if (greeted !== pid) {
      await duty.greet?.(connection)
      await ensureAccounts(connection, passwords)
      greeted = pid
    }
    return duty.look(connection)
  }

  async function stop(msMax: number): Promise<void> {
    report = { missing: ['mariadbd: it is being stopped'] }
    if (place.role === 'replica')
      await visit(layout.socket, (connection) => drain(connection, DRAIN_MS_MAX), DRAIN_MS_MAX * 1.5).catch(() => {})
    await server.stop(msMax - DRAIN_MS_MAX)
  }
}
