import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processesOf } from '../cluster/driver/sweep.ts'

const LOOK_MS = 5
const DONE_MS_MAX = 10_000

/** Every process of a component: those that bear its mark, and the database that works in its data and has shed the mark. */
export function processesOfComponent(directory: string, component: string): number[] {
  const data = join(directory, 'data', component)
  const works = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => cwdOf(pid).startsWith(`${data}/`) || cwdOf(pid) === data)
  return [...new Set([...processesOf(directory, component), ...works])]
}

export function nameOf(pid: number): string {
  return read(`/proc/${pid}/comm`).trim()
}

export function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
}

/** Kills until nobody is found. @throws Error when somebody outlives it. */
export async function killAll(find: () => number[]): Promise<void> {
  await until(() => {
    const pids = find()
    for (const pid of pids) send(pid, 'SIGKILL')
    return pids.length === 0
  }, 'these processes outlive SIGKILL')
}

/** Stops them where they are, until all of them stand still: one that runs on may have started another meanwhile. */
export async function freezeAll(find: () => number[]): Promise<void> {
  await until(() => {
    const moving = find().filter((pid) => !isStopped(pid))
    for (const pid of moving) send(pid, 'SIGSTOP')
    return moving.length === 0
  }, 'these processes do not stand still')
}

export function thawAll(pids: number[]): void {
  for (const pid of pids) send(pid, 'SIGCONT')
}

export function isStopped(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`)
  return stat === '' || stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
}

async function until(done: () => boolean, complaint: string): Promise<void> {
  const deadline = performance.now() + DONE_MS_MAX
  while (!done()) {
    if (performance.now() > deadline) throw new Error(complaint)
    await sleep(LOOK_MS)
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has gone meanwhile
  }
}

function cwdOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return '' // it has gone, or is not ours to look at
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
