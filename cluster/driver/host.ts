import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { delimiter, join } from 'node:path'

/** Where Debian and its relatives keep what is not on the path. */
const POSTGRES_HOME = '/usr/lib/postgresql'
const RABBITMQ_SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server'

export interface User {
  uid: number
  gid: number
}

/** Whether an IPv6 loopback address exists: containers often have none. */
export function hasIpv6Loopback(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'))
}

/**
 * The server's own user when we are root; nobody in particular when we are not,
 * because then everything runs as who we are.
 */
export function userOf(name: string): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  if (!line) throw new Error(`there is no user ${name}: its server is not installed as Debian installs it`)
  const [, , uid, gid] = line.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

/** The majors of PostgreSQL on this machine, newest first. */
export function postgresMajors(): number[] {
  if (!existsSync(POSTGRES_HOME)) return []
  return readdirSync(POSTGRES_HOME)
    .filter((major) => existsSync(join(POSTGRES_HOME, major, 'bin', 'postgres')))
    .map(Number)
    .sort((a, b) => b - a)
}

export function postgresBinOf(major: number): string {
  return join(POSTGRES_HOME, String(major), 'bin')
}

/** @throws Error saying which package brings it. */
export function binary(name: 'haproxy' | 'epmd' | 'rabbitmq-server'): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/usr/local/sbin']
  const found = name === 'rabbitmq-server' ? RABBITMQ_SERVER : folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  if (found && existsSync(found)) return found
  throw new Error(`${name} is not on this machine: apt-get install ${name === 'haproxy' ? 'haproxy' : 'rabbitmq-server'}`)
}

/** Gives a directory and all that is in it to a server's user. */
export function giveTo({ uid, gid }: User, directory: string): void {
  chownSync(directory, uid, gid)
  for (const entry of readdirSync(directory, { recursive: true })) chownSync(join(directory, String(entry)), uid, gid)
}
