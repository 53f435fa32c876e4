import { readdirSync, readFileSync } from 'node:fs'
import type { Shop } from './shop.ts'

/** The kernel tells processor time in these, whatever its clock does. */
const TICKS_PER_SECOND = 100

export interface CpuSeconds {
  services: number
  databases: number
  /** Whatever else the machine did meanwhile: when it is much, the figures say little. */
  others: number
}

interface Process {
  parent: number
  ticks: number
  /** Of children that have ended. */
  endedTicks: number
}

/**
 * Begins to count what the three databases and these services use. Who makes the
 * load is not among them.
 *
 * @returns Ends the counting.
 */
export async function startCpu({ databasePids }: Shop, servicePids: number[]): Promise<() => CpuSeconds> {
  const pids = await databasePids()
  const read = () => {
    const [services, databases, ours] = [servicePids, pids, [process.pid]].map(cpuSecondsOf) as [number, number, number]
    return { services, databases, others: busySeconds(readFileSync('/proc/stat', 'utf8')) - ours }
  }
  const before = read()
  return () => {
    const after = read()
    return {
      services: after.services - before.services,
      databases: after.databases - before.databases,
      others: after.others - before.others
    }
  }
}

/** What all processors have worked since the machine started: not what it served interrupts, most of which are our own packets. */
export function busySeconds(stat: string): number {
  const [user, nice, system, _idle, _ioWait, _irq, _softIrq, stolen] = stat.split('\n', 1)[0]!.split(/ +/).slice(1).map(Number)
  return (user! + nice! + system! + stolen!) / TICKS_PER_SECOND
}

/**
 * Processor seconds that these processes and everything they started have used
 * so far, what has ended among it included: a difference of two readings is
 * what was used between them.
 */
export function cpuSecondsOf(roots: number[]): number {
  const processes = processesNow()
  return treeOf(processes, roots).reduce((sum, pid) => sum + secondsOf(pid, processes.get(pid)), 0)
}

/** The same, by what PostgreSQL's processes call themselves; what is none of them is under `agents`. */
export function cpuByTitle(roots: number[]): Record<string, number> {
  const processes = processesNow()
  const seconds: Record<string, number> = {}
  for (const pid of treeOf(processes, roots)) {
    const [, title = 'agents'] = /^postgres: \w+: (\w+(?: \w+)?)/.exec(textOf(`/proc/${pid}/cmdline`) ?? '') ?? []
    seconds[title] = (seconds[title] ?? 0) + secondsOf(pid, processes.get(pid))
  }
  return seconds
}

function treeOf(processes: Map<number, Process>, roots: number[]): number[] {
  const childrenOf = Map.groupBy(processes.keys(), (pid) => processes.get(pid)!.parent)
  const counted = new Set<number>()
  const waiting = [...roots]
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (counted.has(pid)) continue
    counted.add(pid)
    waiting.push(...(childrenOf.get(pid) ?? []))
  }
  return [...counted]
}

/** Ticks are coarse where a thing takes milliseconds; the scheduler counts finer, where it is built to. */
function secondsOf(pid: number, process: Process | undefined): number {
  if (!process) return 0
  const { ticks, endedTicks } = process
  return (nanosecondsOf(pid) / 1e9 || ticks / TICKS_PER_SECOND) + endedTicks / TICKS_PER_SECOND
}

function nanosecondsOf(pid: number): number {
  const tasks = namesIn(`/proc/${pid}/task`).map((task) => textOf(`/proc/${pid}/task/${task}/schedstat`))
  return tasks.reduce((sum, line) => sum + Number(line?.split(' ')[0] ?? 0), 0)
}

function processesNow(): Map<number, Process> {
  const all = new Map<number, Process>()
  for (const pid of namesIn('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const line = textOf(`/proc/${pid}/stat`)
    if (line) all.set(Number(pid), processIn(line))
  }
  return all
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // gone since we looked
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** A program's name may hold anything, so the fields are counted from its end. */
export function processIn(line: string): Process {
  const [, parent, ...rest] = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const [user, system, endedUser, endedSystem] = rest.slice(9, 13).map(Number)
  return { parent: Number(parent), ticks: user! + system!, endedTicks: endedUser! + endedSystem! }
}
