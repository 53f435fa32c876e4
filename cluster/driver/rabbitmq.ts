import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Secrets } from '../secrets.ts'
import type { Component } from '../topology.ts'
import { binary, giveTo, userOf } from './host.ts'
import type { Launch } from './launch.ts'

const USER = 'rabbitmq'
/** It starts on one core, longer than anything else, and the whole documents tier waits for it. */
const PRIORITY = -10

/** A broker that knows its name, its port and its disk, and takes nothing from the machine's own configuration. */
export function launchRabbitmq(
  { name, address, port, ports, settings }: Component,
  epmdPort: number,
  directory: string,
  secrets: Secrets
): Launch {
  const home = join(directory, 'data', name)
  const user = userOf(USER)
  for (const folder of [home, join(home, 'mnesia'), join(home, 'log')]) mkdirSync(folder, { recursive: true, mode: 0o750 })
  const write = (file: string, text: string) => {
    const path = join(home, file)
    rmSync(path, { force: true })
    writeFileSync(path, text, { mode: 0o400 })
    return path
  }
  const definitions = existsSync(join(home, 'definitions.json'))
    ? join(home, 'definitions.json')
    : write('definitions.json', definitionsOf(secrets, settings.VIRTUAL_HOSTS!.split(',')))
  const configuration = write('rabbitmq.conf', configurationOf(address, port, definitions))
  const plugins = write('enabled_plugins', '[].\n') // each plugin costs seconds of every start
  write('environment.conf', '')
  write('.erlang.cookie', secrets.erlangCookie)
  if (user) giveTo(user, home)
  return {
    command: binary('rabbitmq-server'),
    args: [],
    user,
    cwd: home,
    priority: PRIORITY,
    env: {
      HOME: home,
      RABBITMQ_NODENAME: `rabbit@${address}`,
      RABBITMQ_USE_LONGNAME: 'true',
      RABBITMQ_NODE_IP_ADDRESS: address,
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(ports[1]),
      RABBITMQ_CONFIG_FILE: configuration,
      RABBITMQ_CONF_ENV_FILE: join(home, 'environment.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
      RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
      RABBITMQ_LOG_BASE: join(home, 'log'),
      RABBITMQ_LOGS: '-',
      RABBITMQ_PID_FILE: join(home, 'pid'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {${address.replaceAll('.', ',')}} +sbwt none +sbwtdcpu none +sbwtdio none`,
      ERL_EPMD_ADDRESS: address,
      ERL_EPMD_PORT: String(epmdPort)
    }
  }
}

/** Erlang's table of names; our own one, so that the machine's does not know our nodes and we do not know its. */
export function launchEpmd({ address, port }: Component): Launch {
  return { command: binary('epmd'), args: ['-port', String(port), '-address', address], user: userOf(USER), cwd: '/', env: { HOME: '/' } }
}

function configurationOf(address: string, port: number, definitions: string): string {
  return `listeners.tcp.1 = ${address}:${port}
load_definitions = ${definitions}
loopback_users = none
log.console.level = warning
disk_free_limit.absolute = 200MB
vm_memory_high_watermark.relative = 0.25
`
}

/** One user, who may do everything in each virtual host. */
function definitionsOf({ broker }: Secrets, virtualHosts: string[]): string {
  return JSON.stringify({
    users: [
      { name: 'ticketflow', password_hash: hashOf(broker), hashing_algorithm: 'rabbit_password_hashing_sha256', tags: 'administrator' }
    ],
    vhosts: virtualHosts.map((name) => ({ name })),
    permissions: virtualHosts.map((vhost) => ({ user: 'ticketflow', vhost, configure: '.*', write: '.*', read: '.*' }))
  })
}

/** @see https://www.rabbitmq.com/docs/passwords */
function hashOf(password: string): string {
  const salt = randomBytes(4)
  const hash = createHash('sha256').update(Buffer.concat([salt, Buffer.from(password)]))
  return Buffer.concat([salt, hash.digest()]).toString('base64')
}
