import { existsSync } from 'node:fs'
import type { Connection } from 'mysql2/promise'
import type { Log } from '../../chassis/log.ts'
import { takeTurns } from '../../chassis/turns.ts'
import type { MariadbPasswords } from '../config.ts'
import { ensureAccounts } from './accounts.ts'
import { type Place, serverArguments } from './command-line.ts'
import type { Duty, Report } from './duty.ts'
import { drain } from './follow.ts'
import type { Layout } from './layout.ts'
import type { NodeState, Peer } from './peer.ts'
import { primaryDuty } from './primary.ts'
import { replicaDuty } from './replica.ts'
import type { Role, Roles } from './role.ts'
import { openServer, type Server } from './server.ts'
import { type Source, visit } from './visit.ts'

/** What a node is made of. */
export interface Parts {
  layout: Layout
  place: Place
  roles: Roles
  peer: Peer
  /** The other node, as this one reaches it when it follows. */
  source: Source
  passwords: MariadbPasswords
  log: Log
}

export interface Node extends Parts {
  /** One look at the node, and the next step towards what it should be. */
  tendOnce: () => Promise<number>
  state: () => NodeState
  leads: () => boolean
  /** One piece of work at a time: passes and orders. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
  /** Whatever runs here ends at once. */
  killServer: () => Promise<void>
  /** To be called when no pass comes any more; see {@link Node.letGo}. */
  stop: (msMax: number) => Promise<void>
  /** Ends the pass in progress early. */
  letGo: () => void
}

/** A role while it lasts. */
interface Life {
  role: Readonly<Role>
  server: Server
  duty: Duty
}

const DRAIN_MS_MAX = 1_000

/** Keeps one MariaDB server what the pair's last promotion made it. */
export function mariadbNode(parts: Parts, nudge: () => void): Node {
  const { layout, place, roles, peer, source, passwords, log } = parts
  const stopping = new AbortController()
  const inTurn = takeTurns(1)
  let heard: NodeState | undefined
  let report: Report = { missing: ['mariadbd'] }
  let greeted: number | undefined
  let life = begin()

  return {
    ...parts,
    tendOnce: () => inTurn(tend),
    state: () => ({ name: place.name, hasData: existsSync(layout.data), ...roles.read(), ...report }),
    leads,
    inTurn,
    killServer: () => life.server.kill(),
    stop,
    letGo: () => stopping.abort()
  }

  function begin(): Life {
    const role = roles.read()
    const server = openServer(layout, serverArguments(layout, place, leads() ? 'MASTER' : 'SLAVE'), log, stopping.signal, ended)
    const duty = leads()
      ? primaryDuty(layout, role, () => heard, log, stopping.signal)
      : replicaDuty(layout, source, roles, server, log, stopping.signal)
    greeted = undefined
    report = { ...report, whole: false } // what was seen in the role before says nothing about this one
    return { role, server, duty }
  }

  function leads(): boolean {
    return roles.read().leader === place.name
  }

  function ended(): void {
    report = { missing: ['mariadbd: it has ended'] }
    nudge()
  }

  async function tend(): Promise<number> {
    try {
      await hear()
      if (roles.read().term !== life.role.term || roles.read().alone !== life.role.alone) life = begin()
      await life.duty.prepare()
      const pid = await life.server.ensure()
      report = { pid, ...(await visit(layout.socket, (connection) => greetAndLook(connection, pid))) }
      life.server.forgive()
    } catch (err) {
      const missing = (err as Error).message
      if (!stopping.signal.aborted && missing !== report.missing[0]) log.warn({ err }, 'not what it should be')
      report = { missing: [missing] }
    }
    return 0
  }

  /**
   * Asked before anything is started or opened, so that a node that was away
   * learns who was promoted meanwhile. That it leads itself it knows from its own
   * promotion alone, which has shown that it has everything.
   */
  async function hear(): Promise<void> {
    heard = await peer.state()
    if (!heard || heard.leader === place.name) return
    const { term, leader, alone } = heard
    const own = roles.read()
    if (term > own.term || (term === own.term && !leads() && alone !== own.alone)) {
      await roles.write({ term, leader, alone })
      log.info({ term, leader, alone }, 'heard who leads')
    }
  }

  async function greetAndLook(connection: Connection, pid: number): Promise<Report> {
    if (greeted !== pid) {
      await life.duty.greet(connection)
      await ensureAccounts(connection, passwords)
      greeted = pid
    }
    return life.duty.look(connection)
  }

  async function stop(msMax: number): Promise<void> {
    report = { missing: ['mariadbd: it is being stopped'] }
    if (!leads()) await visit(layout.socket, (connection) => drain(connection, DRAIN_MS_MAX), DRAIN_MS_MAX * 1.5).catch(() => {})
    await life.server.stop(msMax - DRAIN_MS_MAX)
  }
}
