import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Launch } from './launch.ts'

/**
 * Enters its groups first, up to a `--`, and becomes the program then, under the
 * same process id: whatever it opens or starts is in them from its first moment on.
 */
const ENTER = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit; shift; done; shift; exec "$@"'

/** The name of an instance in everything that the kernel keeps for it. */
export function kernelName(instance: number): string {
  return `ticketflow-${instance}`
}

/** How the kernel calls the group of a component's processes. */
export function groupOf(instance: number, component: string): string {
  return `${kernelName(instance)}/${component}`
}

/** @throws Error when the kernel keeps no groups that the firewall can tell apart. */
export function groupsHome(): string {
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , type]) => type === 'cgroup2')
  if (!mount) throw new Error('there is no cgroup v2 on this machine')
  return mount[1]!
}

/**
 * The same program, started as a member of a component's group. As whom it runs is decided after it has entered.
 *
 * @param memoryGroup - In which its memory is counted, if that is another.
 */
export function inGroup(instance: number, component: string, launch: Launch, memoryGroup?: string): Launch {
  const directory = join(groupsHome(), groupOf(instance, component))
  mkdirSync(directory, { recursive: true })
  const groups = new Set([directory, memoryGroup ?? directory])
  const { command, args, user } = launch
  const become = user ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--'] : []
  return {
    ...launch,
    command: '/bin/sh',
    args: ['-c', ENTER, 'sh', ...[...groups].map((group) => join(group, 'cgroup.procs')), '--', ...become, command, ...args],
    user: undefined
  }
}

/** Whether anything was ever put into groups here: they are made first and removed last. */
export function hasGroups(instance: number): boolean {
  try {
    return existsSync(join(groupsHome(), kernelName(instance)))
  } catch {
    return false
  }
}

/**
 * Groups whose processes are gone are removed. The kernel refuses the others, and they are found again by their name.
 *
 * @param where - The home of all groups of that kind.
 */
export function removeGroups(instance: number, where: string): void {
  const home = join(where, kernelName(instance))
  if (!existsSync(home)) return
  const groups = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const path of [...groups.map(({ name }) => join(home, name)), home]) {
    try {
      rmdirSync(path)
    } catch {
      // a process in it is still dying: the next start removes it
    }
  }
}
