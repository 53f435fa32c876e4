import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Config, Passwords } from './config.ts'
import { SOCKET_ROLE } from './settings.ts'
import { run, type User } from './user.ts'

/** A name no data had before: what is in it can never be taken for something older. */
export function newDirectory({ DATA_DIRECTORY }: Config, epoch: number): string {
  return join(DATA_DIRECTORY, `data-${epoch}-${randomUUID().slice(0, 8)}`)
}

/** A new cluster with our roles and an empty `reign`, not running. Nobody else can see it before it is started. */
export async function createCluster(config: Config, passwords: Passwords, user: User, directory: string): Promise<void> {
  const program = (name: string) => join(config.POSTGRES_BIN, name)
  const alone = (database: string, sql: string) =>
    run(user, program('postgres'), ['--single', '-j', '-D', directory, database], { input: sql })
  await run(user, program('initdb'), [
    ...['--pgdata', directory, '--username', SOCKET_ROLE, '--auth-local', 'peer', '--auth-host', 'reject'],
    ...['--data-checksums', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-instructions', '--no-sync']
  ])
  await alone('postgres', statements(...rolesOf(passwords), 'create database ticketflow owner owner'))
  await alone('ticketflow', statements(...REIGN))
  await run(user, 'sync', ['--file-system', directory])
}

export async function identifierOf(config: Config, user: User, directory: string): Promise<string> {
  const output = await run(user, join(config.POSTGRES_BIN, 'pg_controldata'), [directory])
  const found = /system identifier:\s+(\d+)/.exec(output)
  if (!found) throw new Error(`${directory} holds no cluster`)
  return found[1] as string
}

function rolesOf({ superuser, replicator, owner, ...others }: Passwords): string[] {
  return [
    `alter role ${SOCKET_ROLE} password ${literal(superuser)}`,
    `create role replicator login replication password ${literal(replicator)}`,
    `create role owner login createdb password ${literal(owner)}`,
    ...Object.entries(others).map(([role, password]) => `create role ${role} login password ${literal(password)}`),
    'grant selling, purchase, relay, catalogue to owner' // who owns their tables may act as they do: tests do
  ]
}

/** Who reigned when. A row counts only where its own reign is still in force: on the timeline that it was written on. */
const REIGN = [
  `create table public.reign (
     epoch    bigint primary key check (epoch > 0),
     node     text not null,
     timeline integer not null default ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer,
     at       timestamptz not null default clock_timestamp()
   )`,
  'grant select on public.reign to public',
  'grant pg_read_all_stats to control, catalogue'
]

/** In single-user mode a statement ends at an empty line. */
function statements(...list: string[]): string {
  return list.map((statement) => `${statement};\n\n`).join('')
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
