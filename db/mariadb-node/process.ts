import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readdir, readFile, stat, truncate } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const LOG_BYTES_MAX = 10_000_000
const LOOK_MS = 50
const KILLED_MS_MAX = 5_000

/** Debian keeps servers in a directory that not every PATH has. */
export const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/bin:/sbin` }

export interface Running {
  pid: number
  args: string[]
}

/** The server of this data directory, whoever started it; a dead one that nobody has reaped is none. */
export async function findServer(directory: string): Promise<Running | undefined> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const args = await argumentsOf(Number(name))
    if (args.includes(`--datadir=${directory}`) && /(^|\/)mariadbd$/.test(args[0]!)) return { pid: Number(name), args: args.slice(1) }
  }
}

export async function isRunning({ pid, args }: Running): Promise<boolean> {
  return (await argumentsOf(pid)).slice(1).join() === args.join()
}

/**
 * Starts a server that outlives this process, its words in `logFile`.
 *
 * @param onEnd - Called when it ends while this process still lives.
 */
export async function startServer(args: string[], logFile: string, onEnd: () => void): Promise<Running> {
  const size = await stat(logFile).then((found) => found.size, () => 0) // biome-ignore format: one thought
  if (size > LOG_BYTES_MAX) await truncate(logFile)
  const log = await open(logFile, 'a')
  try {
    const child = spawn('mariadbd', args, { detached: true, stdio: ['ignore', log.fd, log.fd], env: ENVIRONMENT })
    child.once('exit', onEnd)
    await once(child, 'spawn')
    child.unref()
    return { pid: child.pid!, args }
  } finally {
    await log.close()
  }
}

/** Ends it in good order; after `msMax` it is killed, which loses nothing that was answered. Resolves when it is gone. */
export async function stopServer(server: Running, msMax: number): Promise<void> {
  signal(server.pid, 'SIGTERM')
  if (!(await gone(server, msMax))) await killServer(server)
}

/** Ends it as a power cut would, whatever it is doing, frozen or not. Resolves when it is gone. */
export async function killServer(server: Running): Promise<void> {
  signal(server.pid, 'SIGKILL')
  if (!(await gone(server, KILLED_MS_MAX))) throw new Error(`process ${server.pid} does not die`)
}

/** The last thing it complained about, for whoever asks why it is not there. */
export async function lastError(logFile: string): Promise<string | undefined> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  const line = text.split('\n').findLast((each) => each.includes('[ERROR]') && !each.endsWith('Aborting'))
  return line?.replace(/^.*\[ERROR\] /, '')
}

async function gone(server: Running, msMax: number): Promise<boolean> {
  for (const deadline = performance.now() + msMax; performance.now() < deadline; await sleep(LOOK_MS)) {
    if (!(await isRunning(server))) return true
  }
  return false
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // it has ended meanwhile
  }
}

async function argumentsOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text.split('\0').slice(0, -1)
}
