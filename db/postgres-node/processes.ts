import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_MS = 10
const GONE_MS_MAX = 10_000
/** Of postmaster.pid, where the postmaster notes how far it is. */
const STATUS_LINE = 7

/**
 * Every process of the PostgreSQL whose data these are: postmaster and children
 * alike work in their data directory, whoever started them and whoever is their
 * parent now.
 */
export function processesIn(directory: string): number[] {
  return allProcesses().filter((pid) => worksIn(pid, directory))
}

/** A process that is dead and not yet buried works nowhere. */
export function worksIn(pid: number, directory: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === directory
  } catch {
    return false
  }
}

/** Those of them that PostgreSQL gave such a name: walreceiver, checkpointer. */
export function processesCalled(name: string, directory: string): number[] {
  return processesIn(directory).filter((pid) => commandLine(pid).includes(name))
}

/** Every process that was told about a path when it was started. */
function processesNaming(path: string): number[] {
  return allProcesses().filter((pid) => pid !== process.pid && commandLine(pid).includes(path))
}

/** The postmaster of these data, if one runs. */
export function postmasterOf(directory: string): number | undefined {
  const pid = Number(lockOf(directory)[0])
  return worksIn(pid, directory) ? pid : undefined
}

/**
 * Whether a postmaster runs here that once said it takes connections, as a
 * standby or a primary. One that does not answer any more is frozen or stalled;
 * one that only starts follows nobody and has told nothing yet.
 */
export function hasOpened(directory: string): boolean {
  return postmasterOf(directory) !== undefined && lockOf(directory)[STATUS_LINE]?.trim() === 'ready'
}

/** Kills until a look at the process table finds nobody. @throws Error when somebody outlives it. */
export async function killAll(find: () => number[]): Promise<void> {
  const deadline = performance.now() + GONE_MS_MAX
  for (let pids = find(); pids.length > 0; pids = find()) {
    if (performance.now() > deadline) throw new Error(`processes outlive SIGKILL: ${pids.join(', ')}`)
    for (const pid of pids) signal(pid, 'SIGKILL')
    await sleep(LOOK_MS)
  }
}

/** Data that are nobody's, and whoever still works on them, go. */
export async function discard(directory: string): Promise<void> {
  await killAll(() => [...processesNaming(directory), ...processesIn(directory)])
  await rm(directory, { recursive: true, force: true })
}

/** @returns Whether there was such a process. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/** The lines of the lock file. None: nobody is master here. */
function lockOf(directory: string): string[] {
  try {
    return readFileSync(`${directory}/postmaster.pid`, 'utf8').split('\n')
  } catch {
    return []
  }
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
