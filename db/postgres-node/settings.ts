import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf, type Config, nodeAt, type Passwords } from './config.ts'
import type { User } from './user.ts'

/** What is the same on every node and for ever. Nobody ever switches the quorum off. */
const SETTINGS = `
synchronous_commit = on
restart_after_crash = off
wal_level = replica
wal_keep_size = 1GB
max_wal_size = 512MB
max_wal_senders = 10
checkpoint_timeout = 2min
hot_standby = on
max_standby_streaming_delay = 500ms
max_standby_archive_delay = 500ms
wal_sender_timeout = 2s
wal_receiver_timeout = 2s
wal_receiver_status_interval = 1s
wal_retrieve_retry_interval = 200ms
recovery_target_timeline = latest
recovery_init_sync_method = syncfs
tcp_user_timeout = 2000
tcp_keepalives_idle = 1
tcp_keepalives_interval = 1
tcp_keepalives_count = 2
max_connections = 200
shared_buffers = 128MB
jit = off
timezone = UTC
log_timezone = UTC
log_line_prefix = '%m [%p] %u@%d '
password_encryption = scram-sha-256
`

/** The superuser is who runs the agent: through the socket, never over the network. */
const ACCESS = `
local all         postgres                 scram-sha-256
host  all         postgres   all           reject
host  replication replicator 127.0.0.0/8   scram-sha-256
host  all         all        127.0.0.0/8   scram-sha-256
`

export const SOCKET_ROLE = 'postgres'

/** The file that alone decides whom this node follows; a reload is enough to change it. */
const UPSTREAM_FILE = 'upstream.conf'

/**
 * Writes everything PostgreSQL reads at its start, outside its data: what a copy
 * brings along is never obeyed. The node always starts as a standby that
 * follows nobody.
 */
export function writeSettings(config: Config, user: User, directory: string): void {
  const { DATA_DIRECTORY, LISTEN_ADDRESS, POSTGRES_PORT, NODE_NAME, NODES } = config
  const names = NODES.split(',').map((entry) => entry.split('=')[0])
  const write = (path: string, text: string) => writeOwned(user, path, text)
  const own = `
listen_addresses = '${LISTEN_ADDRESS}'
port = ${POSTGRES_PORT}
unix_socket_directories = '${DATA_DIRECTORY}'
cluster_name = '${NODE_NAME}'
synchronous_standby_names = 'ANY 1 (${names.join(', ')})'
include '${DATA_DIRECTORY}/${UPSTREAM_FILE}'
`
  write(join(DATA_DIRECTORY, 'postgresql.conf'), SETTINGS + own)
  write(join(DATA_DIRECTORY, 'pg_hba.conf'), ACCESS)
  write(join(directory, 'postgresql.auto.conf'), '')
  write(join(directory, 'standby.signal'), '')
  writeUpstream(config, user, null)
}

/** Whom to follow from the next reload on, and under which name: only a running standby bears its node's name. */
export function writeUpstream(config: Config, user: User, upstream: { node: string; as: string } | null): void {
  const conninfo = upstream ? connectionTo(config, upstream.node, upstream.as) : ''
  writeOwned(user, join(config.DATA_DIRECTORY, UPSTREAM_FILE), `primary_conninfo = '${conninfo}'\n`)
}

/** As libpq reads it. A link that is cut is noticed, however long nothing is sent: a copy would wait for ever. */
export function connectionTo(config: Config, node: string, as: string): string {
  const { DATA_DIRECTORY, POSTGRES_PORT } = config
  const who = `host=${addressOf(config, node)} port=${POSTGRES_PORT} user=replicator passfile=${DATA_DIRECTORY}/passfile application_name=${as}`
  return `${who} connect_timeout=2 keepalives_idle=1 keepalives_interval=1 keepalives_count=2 tcp_user_timeout=3000`
}

/** Whom a connection string leads to. */
export function upstreamOf(config: Config, conninfo: string): string | null {
  const address = /host=(\S+)/.exec(conninfo)?.[1]
  const ownName = conninfo.includes(` application_name=${config.NODE_NAME} `)
  return address === undefined || !ownName ? null : (nodeAt(config, address) ?? null)
}

/** The one secret that PostgreSQL's own programs need. */
export function writePassfile({ DATA_DIRECTORY }: Config, { replicator }: Passwords, user: User): void {
  writeOwned(user, join(DATA_DIRECTORY, 'passfile'), `*:*:*:replicator:${replicator.replaceAll(/[\\:]/g, '\\$&')}\n`)
}

export function makeDirectory(user: User, path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (user.ids) chownSync(path, user.ids.uid, user.ids.gid)
}

function writeOwned(user: User, path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 })
  if (user.ids) chownSync(path, user.ids.uid, user.ids.gid)
}
