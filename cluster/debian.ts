import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Run } from './install.ts'

const POLICY = '/usr/sbin/policy-rc.d'
const OURS = '# TicketFlow: no package starts a server while its own are installed'
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const CLUSTER_CONF = '/etc/postgresql-common/createcluster.conf'
/** Debian's services of these packages would start at the next boot and take the addresses of ours. */
const SERVICES: Record<string, string[]> = {
  postgresql: ['postgresql'],
  'mariadb-server': ['mariadb'],
  'rabbitmq-server': ['rabbitmq-server', 'epmd.socket'],
  haproxy: ['haproxy']
}

/**
 * Installs Debian packages without a server of theirs being made or started,
 * and leaves the machine's own settings as they were.
 *
 * @param run - Runs a program until it ends.
 * @throws Error saying what is missing and how to get it, when this is not root on Debian.
 */
export async function installDebian(packages: string[], run: Run): Promise<void> {
  const byHand = `apt-get install ${packages.join(' ')}`
  if (!existsSync('/usr/bin/apt-get'))
    throw new Error(`this machine has no apt-get. Missing, by their Debian names: ${packages.join(', ')}. Install them and run this again.`)
  if (process.getuid?.() !== 0) throw new Error(`only root can install. Run this once: sudo ${byHand}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }
  const apt = (...args: string[]) => run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', ...args], '/', env)
  const get = (...names: string[]) => apt('install', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold', ...names)

  const allowStarts = forbidStarts()
  try {
    await apt('update')
    if (packages.includes('postgresql')) await get('postgresql-common')
    const allowClusters = forbidClusters()
    try {
      await get(...packages)
    } finally {
      allowClusters()
    }
    if (existsSync('/run/systemd/system')) {
      for (const service of packages.flatMap((name) => SERVICES[name] ?? []))
        await run('systemctl', ['disable', service], '/', env).catch(() => {})
    }
  } finally {
    allowStarts()
  }
}

/** invoke-rc.d asks this file before it starts anything; 101 is «not allowed». */
function forbidStarts(): () => void {
  return putBefore(POLICY, `#!/bin/sh\n${OURS}\nexit 101\n`, 0o755)
}

function forbidClusters(): () => void {
  return existsSync(CLUSTER_CONF) ? putBefore(CLUSTER_CONF, `create_main_cluster = false ${OURS}\n`, 0o644) : () => {}
}

/**
 * Puts `text` before what a file says until the returned function takes it away,
 * also when this process is asked to end; what an earlier run had to leave there is taken away too.
 */
function putBefore(path: string, text: string, mode: number): () => void {
  const original = existsSync(path) ? readFileSync(path, 'utf8').replace(text, '') : ''
  const originalMode = existsSync(path) ? statSync(path).mode : mode
  const leave = () => process.exit(130)
  const putBack = () => {
    process.off('exit', putBack)
    for (const signal of SIGNALS) process.off(signal, leave)
    if (original === '') rmSync(path, { force: true })
    else writeFileSync(path, original, { mode: originalMode })
  }
  process.on('exit', putBack)
  for (const signal of SIGNALS) process.once(signal, leave)
  writeFileSync(path, text + original, { mode })
  chmodSync(path, mode)
  return putBack
}
