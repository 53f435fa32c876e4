import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join, resolve } from 'node:path'
import { ROOT, SHOP_INSTANCE } from '../instance.ts'
import type { Component, Ground } from '../topology.ts'
import { launchHaproxy } from './haproxy.ts'
import { hasIpv6Loopback, type User } from './host.ts'
import { withLog } from './logs.ts'
import { memoryGroup } from './memory.ts'
import { inGroup } from './place.ts'
import { launchEpmd, launchRabbitmq } from './rabbitmq.ts'
import { COMPONENT_MARK, INSTANCE_MARK } from './sweep.ts'

/** Where Node keeps what it has compiled, so that the next start is faster. */
export const COMPILED = 'compile-cache'

/** Where it stands which places of the code kill whoever comes to them next; only an instance made for faults reads it. */
export const CRASH_POINTS = 'crash-points'

/**
 * What components are given at their next start on top of their settings, as
 * JSON: names to settings by component. Only an instance made for faults reads it.
 */
export const EXTRA_SETTINGS = 'extra-settings.json'

/** How a process is started: its settings come on top of a bare environment, so that it depends on nobody's shell. */
export interface Launch {
  command: string
  args: string[]
  env: Record<string, string>
  user: User | undefined
  /** A server's user must be able to enter it. */
  cwd: string
  /** Before others when there are more processes than cores, as root may decide; below 0 is before. */
  priority?: number
}

/** Where else the gateway listens. The first instance is the one that people open by name. */
export function gatewayAddresses(instance: number, own: string): string[] {
  return instance === SHOP_INSTANCE ? [own, '127.0.0.1', ...(hasIpv6Loopback() ? ['::1'] : [])] : [own]
}

/** How processes are started that faults will be done to: in groups with addresses of their own, and mortal at named places. */
export type Footing = 'firm' | 'shaky'

/**
 * Starts a component's process, as the leader of a group of its own, with the
 * marks by which it and whatever it starts can be found again.
 */
export function launch(component: Component, all: Component[], ground: Ground, footing: Footing): ChildProcess {
  const plain = launchOf(component, all, ground)
  const { command, args, env, user, cwd, priority } = footing === 'firm' ? plain : onShakyGround(component, ground, plain)
  const child = withLog(ground.directory, component.name, (fd) =>
    spawn(command, args, {
      cwd,
      detached: true,
      stdio: ['ignore', fd, fd],
      ...user,
      env: {
        PATH: process.env.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: process.env.HOME ?? '/',
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        [INSTANCE_MARK]: ground.directory,
        [COMPONENT_MARK]: component.name,
        ...env
      }
    })
  )
  if (priority !== undefined && child.pid !== undefined && process.getuid?.() === 0) setPriority(child.pid, priority)
  return child
}

/** @see chassis/crash-point.ts, which reads the file. */
function onShakyGround({ name }: Component, { instance, directory }: Ground, plain: Launch): Launch {
  const env = { ...plain.env, CRASH_POINTS_FILE: join(directory, CRASH_POINTS), ...extraSettings(directory)[name] }
  return inGroup(instance, name, { ...plain, env }, memoryGroup(instance, name))
}

export function extraSettings(directory: string): Record<string, Record<string, string>> {
  const path = join(directory, EXTRA_SETTINGS)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, string>>) : {}
}

function launchOf(component: Component, all: Component[], ground: Ground): Launch {
  const { run, settings, address } = component
  const { directory, instance, secrets } = ground
  if ('file' in run) {
    const env = { ...settings, NODE_COMPILE_CACHE: join(directory, COMPILED) }
    return { command: process.execPath, args: [resolve(ROOT, run.file), directory], env, user: undefined, cwd: ROOT }
  }
  switch (run.server) {
    case 'haproxy':
      return launchHaproxy(component, gatewayAddresses(instance, address), directory)
    case 'epmd':
      return launchEpmd(component)
    case 'rabbitmq': {
      const epmd = all.find(({ run }) => 'server' in run && run.server === 'epmd')!
      return launchRabbitmq(component, epmd.port, directory, secrets)
    }
  }
}
