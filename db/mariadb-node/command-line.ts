import { crc32 } from 'node:zlib'
import type { Layout } from './layout.ts'

export interface Place {
  name: string
  address: string
  port: number
}

/** How a crash is recovered from: a primary keeps what it logged last, a replica cuts off what nobody acknowledged. */
export type Recovery = 'MASTER' | 'SLAVE'

/** A year: nobody ever goes on without the replica because time has passed. */
const SEMI_SYNC_MS = 31_536_000_000
const BINLOG_SECONDS = 7 * 86_400

/** What every server of ours is given: no configuration file of the machine is read. */
const ALWAYS = [
  '--skip-name-resolve', // else root could come in by 127.0.0.1
  '--default-time-zone=+00:00',
  '--character-set-server=utf8mb4',
  '--innodb-buffer-pool-size=128M',
  '--innodb-log-file-size=64M',
  '--innodb-buffer-pool-dump-at-shutdown=OFF',
  '--aria-pagecache-buffer-size=8M',
  '--key-buffer-size=1M',
  '--max-allowed-packet=64M'
]

/** An answered commit is on this disk; its binlog is row by row and has one order for ever. */
const DURABLE = [
  '--innodb-flush-log-at-trx-commit=1',
  '--sync-binlog=1',
  '--log-bin=binlog',
  '--binlog-format=ROW',
  `--binlog-expire-logs-seconds=${BINLOG_SECONDS}`,
  '--max-binlog-size=64M',
  '--gtid-strict-mode=ON',
  '--log-slave-updates=ON',
  '--relay-log=relay',
  '--relay-log-recovery=ON',
  '--sync-relay-log=1',
  '--slave-net-timeout=5',
  '--master-retry-count=0',
  '--skip-slave-start', // the agent starts it, once it has seen that it points where it should
  '--max-connections=200'
]

/**
 * Both ends of the semi-synchronous commit: a client sees a row when the replica
 * has logged it, and never before. Every server starts as one that nobody may
 * write to; the agent of a leader opens it while it runs.
 */
const PAIR = [
  '--read-only=ON',
  '--rpl-semi-sync-slave-enabled=ON',
  '--rpl-semi-sync-master-wait-point=AFTER_SYNC',
  '--rpl-semi-sync-master-wait-no-slave=ON',
  `--rpl-semi-sync-master-timeout=${SEMI_SYNC_MS}`
]

/** The command line of the node's server. It names the data directory, so that anyone can tell whose it is. */
export function serverArguments(layout: Layout, { name, address, port }: Place, recovery: Recovery): string[] {
  return [
    ...inDirectory(layout, layout.data, layout.socket),
    `--bind-address=${address}`,
    `--port=${port}`,
    `--server-id=${crc32(name) || 1}`,
    `--report-host=${name}`,
    ...ALWAYS,
    ...DURABLE,
    ...PAIR,
    recoveryAs(recovery)
  ]
}

/** Whether two servers were started alike, but for how they recovered. */
export function alike(some: string[], others: string[]): boolean {
  const lasting = (args: string[]) => args.filter((arg) => arg !== recoveryAs('MASTER') && arg !== recoveryAs('SLAVE')).join()
  return lasting(some) === lasting(others)
}

/** The server that a copy is loaded into: nobody but the agent reaches it, and what it holds is not yet worth a flush. */
export function makingArguments(layout: Layout): string[] {
  return [...inDirectory(layout, layout.making, layout.makingSocket), '--skip-networking', ...ALWAYS, '--innodb-flush-log-at-trx-commit=0']
}

function recoveryAs(recovery: Recovery): string {
  return `--init-rpl-role=${recovery}`
}

function inDirectory({ user }: Layout, directory: string, socket: string): string[] {
  return [
    '--no-defaults',
    ...(user ? [`--user=${user}`] : []),
    `--datadir=${directory}`,
    `--socket=${socket}`,
    `--pid-file=${directory}/mariadbd.pid`
  ]
}
