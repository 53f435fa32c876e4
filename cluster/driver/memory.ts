import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { groupOf, groupsHome, kernelName } from './place.ts'

/** Where the kernel counts the memory of a group, and what it calls things there; the two ages of its interface differ. */
interface Files {
  home: string
  limit: string
  used: string
  /** Holds a line `oom_kill N`. */
  deaths: string
  none: string
}

const FIRST = { limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes', deaths: 'memory.oom_control', none: '-1' }
const SECOND = { limit: 'memory.max', used: 'memory.current', deaths: 'memory.events', none: 'max' }

/** @returns Why the memory of components cannot be limited here; nothing when it can. */
export function memoryLack(): string | undefined {
  return files() ? undefined : 'the kernel of this machine counts no memory by groups'
}

/** Makes the group in which a component's memory is counted. @returns Its directory; nothing where memory is not counted by groups. */
export function memoryGroup(instance: number, component: string): string | undefined {
  const kernel = files()
  if (!kernel) return undefined
  const directory = join(kernel.home, groupOf(instance, component))
  mkdirSync(directory, { recursive: true })
  if (kernel.limit === SECOND.limit) writeFileSync(join(kernel.home, kernelName(instance), 'cgroup.subtree_control'), '+memory')
  return directory
}

/** What the group uses, files that are kept in memory among it. */
export function usedBytes(instance: number, component: string): number {
  return Number(read(instance, component, 'used'))
}

/** How many of its processes the kernel has killed because it used more than it may. */
export function memoryDeaths(instance: number, component: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(read(instance, component, 'deaths'))?.[1] ?? 0)
}

/** @param bytes - What it may use from now on; nothing: as much as there is. */
export function limitMemory(instance: number, component: string, bytes?: number): void {
  const { home, limit, none } = known()
  writeFileSync(join(home, groupOf(instance, component), limit), bytes === undefined ? none : String(Math.floor(bytes)))
}

/** Where groups of an instance may be, to be removed with it. */
export function memoryHome(): string | undefined {
  return files()?.home
}

function read(instance: number, component: string, what: 'used' | 'deaths'): string {
  const kernel = known()
  return readFileSync(join(kernel.home, groupOf(instance, component), kernel[what]), 'utf8')
}

function known(): Files {
  const found = files()
  if (!found) throw new Error(memoryLack())
  return found
}

function files(): Files | undefined {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
  const first = mounts
    .map((line) => line.split(' '))
    .find(([, , type, options]) => type === 'cgroup' && options?.split(',').includes('memory'))
  if (first) return { home: first[1]!, ...FIRST }
  try {
    const home = groupsHome()
    const controls = readFileSync(join(home, 'cgroup.subtree_control'), 'utf8').trim().split(' ')
    return controls.includes('memory') ? { home, ...SECOND } : undefined
  } catch {
    return undefined // no groups at all
  }
}
