import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Every process that the driver starts carries these, and so does whatever that process starts. */
export const INSTANCE_MARK = 'TICKETFLOW_INSTANCE'
export const COMPONENT_MARK = 'TICKETFLOW_COMPONENT'

const LOOK_AGAIN_MS = 25
const GONE_MS_MAX = 10_000

/**
 * Ends every process of an instance, or of one component of it, at once and
 * without asking: for what is left after its supervisor has died. Databases
 * bear it as they bear a power cut.
 *
 * @returns How many there were.
 * @throws Error when some do not go.
 */
export async function endAll(directory: string, component?: string): Promise<number> {
  const ended = new Set<number>()
  const deadline = performance.now() + GONE_MS_MAX
  for (;;) {
    const left = processesOf(directory, component)
    if (left.length === 0) return ended.size
    if (performance.now() > deadline) throw new Error(`these processes of ${directory} do not end: ${left.join(', ')}`)
    for (const pid of left) end(pid, ended)
    await sleep(LOOK_AGAIN_MS)
  }
}

function end(pid: number, ended: Set<number>): void {
  try {
    process.kill(pid, 'SIGKILL')
    ended.add(pid)
  } catch {
    // gone since we looked
  }
}

/** Known by the mark in its environment, or by a command line that carries the directory as one of our processes does. */
export function processesOf(directory: string, component?: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && belongs(pid, directory, component))
}

function belongs(pid: number, directory: string, component: string | undefined): boolean {
  const environment = wordsIn(`/proc/${pid}/environ`)
  if (component) return environment.includes(`${INSTANCE_MARK}=${directory}`) && environment.includes(`${COMPONENT_MARK}=${component}`)
  return environment.includes(`${INSTANCE_MARK}=${directory}`) || isServerOf(wordsIn(`/proc/${pid}/cmdline`), directory)
}

/** A server may clear its environment; a pager or an editor that looks at a log is not ours to end. */
function isServerOf([program = '', ...args]: string[], directory: string): boolean {
  const ours = /(^|\/)(node|postgres|mariadbd|beam\.smp|haproxy|initdb|pg_basebackup|mariadb-backup|mariabackup)$/.test(program)
  return ours && args.some((arg) => arg === directory || arg.includes(`${directory}/data/`))
}

function wordsIn(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\0')
  } catch {
    return [] // gone, or another user's
  }
}
