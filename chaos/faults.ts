import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { askSupervisor } from '../cluster/driver/door.ts'
import { CRASH_POINTS } from '../cluster/driver/launch.ts'
import { cut, rejoin, straighten } from '../cluster/driver/network.ts'
import type { Status } from '../cluster/driver/supervised.ts'
import { doorPath, type Instance } from '../cluster/instance.ts'
import { resumeAll } from './disks.ts'
import { freezeAll, killAll, nameOf, parentOf, processesOf, thawAll } from './processes.ts'

/** What is done to the components of an instance, by name, and undone. */
export interface Faults {
  /** As a power cut would: every process of them at once. The supervisor starts them again. */
  kill: (...names: string[]) => Promise<void>
  /** As {@link kill}, and nobody starts them again until {@link start}. */
  end: (...names: string[]) => Promise<void>
  /** The database alone; its agent lives and sees it end. */
  killPostgres: (node: string) => Promise<void>
  /** The process that starts all others of the database. */
  killPostmaster: (node: string) => Promise<void>
  /** The agent alone; its database lives on. */
  killAgent: (node: string) => Promise<void>
  /** They hold still, with every connection open, until {@link thaw}. Nobody is told that they do. */
  freeze: (...names: string[]) => Promise<void>
  thaw: (...names: string[]) => void
  /** In order, and nobody starts them again. */
  stop: (...names: string[]) => Promise<void>
  start: (...names: string[]) => Promise<void>
  /** Whatever `from` sends does not reach `to`. The other way stays open. */
  cut: (from: string[], to: string[]) => Promise<void>
  /** Undoes every cut. */
  rejoin: () => Promise<void>
  /** Undoes whatever holds somebody up: cuts, other ways, disks that stall or are full, and those who stand still. */
  undo: () => Promise<void>
  /** Who comes to this place of the code next is killed there. */
  crashAt: (point: string) => void
  /** Whether somebody was. */
  crashed: (point: string) => boolean
  statuses: () => Promise<Status[]>
}

export function openFaults({ instance, directory }: Instance): Faults {
  const among = (...names: string[]) => {
    const pids = processesOf(directory, names)
    if (pids.length === 0) throw new Error(`no process of ${names.join(', ')} runs: nothing can be done to it`)
    return pids
  }
  const isPostgres = (pid: number) => nameOf(pid) === 'postgres'
  const ask = async (request: 'start' | 'stop', names: string[]) => {
    if (!(await askSupervisor(doorPath(instance), { ask: request, names }))) throw new Error(`instance ${instance} does not run`)
  }
  const frozen = new Set<string>()
  const points = join(directory, CRASH_POINTS)

  return {
    kill: async (...names) => killAll(among(...names)),
    async end(...names) {
      await killAll(among(...names))
      await ask('stop', names) // before its first pause is over
    },
    killPostgres: async (node) => killAll(among(node).filter(isPostgres)),
    killPostmaster: async (node) => killAll(among(node).filter((pid) => isPostgres(pid) && !isPostgres(parentOf(pid)))),
    killAgent: async (node) => killAll(among(node).filter((pid) => !isPostgres(pid))),
    async freeze(...names) {
      for (const name of names) frozen.add(name)
      await freezeAll(() => among(...names))
    },
    thaw: (...names) => thawAll(among(...names)),
    stop: (...names) => ask('stop', names),
    start: (...names) => ask('start', names),
    cut: (from, to) => between(from, to, (a, b) => cut(instance, a, b)),
    rejoin: () => rejoin(instance),
    async undo() {
      thawAll(processesOf(directory, [...frozen]))
      await resumeAll(directory)
      await rejoin(instance)
      await straighten(instance)
    },
    crashAt: (point) => appendFileSync(points, `${point}\n`),
    crashed: (point) => existsSync(points) && !readFileSync(points, 'utf8').split('\n').includes(point),
    statuses
  }

  async function statuses(): Promise<Status[]> {
    return (await askSupervisor(doorPath(instance), { ask: 'status' }))?.statuses ?? []
  }

  async function between(from: string[], to: string[], work: (from: string, to: string) => Promise<void>): Promise<void> {
    const known = await statuses()
    const addressOf = (name: string) => known.find((status) => status.name === name)!.address.split(':')[0]!
    for (const one of from) for (const other of to) await work(addressOf(one), addressOf(other))
  }
}
