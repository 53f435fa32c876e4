import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { COMPONENT_MARK, INSTANCE_MARK } from '../cluster/driver/sweep.ts'

const LOOK_MS = 5
const DONE_MS_MAX = 10_000

/** Every process of some components: those that bear their mark, and the database that works in its data and has shed the mark. */
export function processesOf(directory: string, components: string[]): number[] {
  const marks = components.map((name) => `${COMPONENT_MARK}=${name}`)
  const places = components.map((name) => join(directory, 'data', name))
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => worksIn(pid, places) || isMarked(pid, directory, marks))
}

function worksIn(pid: number, places: string[]): boolean {
  const cwd = cwdOf(pid)
  return places.some((place) => cwd === place || cwd.startsWith(`${place}/`))
}

function isMarked(pid: number, directory: string, marks: string[]): boolean {
  const words = read(`/proc/${pid}/environ`).split('\0')
  return words.includes(`${INSTANCE_MARK}=${directory}`) && marks.some((mark) => words.includes(mark))
}

export function nameOf(pid: number): string {
  return read(`/proc/${pid}/comm`).trim()
}

export function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
}

/** Kills these until none of them is left. @throws Error when somebody outlives it. */
export async function killAll(pids: number[]): Promise<void> {
  let left = pids
  await until(() => {
    left = left.filter((pid) => cwdOf(pid) !== '') // one that is dead and not yet buried works nowhere
    for (const pid of left) send(pid, 'SIGKILL')
    return left.length === 0
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
