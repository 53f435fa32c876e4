import { closeSync, copyFileSync, existsSync, openSync, readdirSync, statSync, truncateSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A log is cut at this size; what it held is kept once more beside it. */
const LOG_BYTES_MAX = 16 * 1024 * 1024
const LOOK_MS = 5_000

export function logPath(directory: string, name: string): string {
  return join(directory, 'logs', `${name}.log`)
}

/**
 * Opens a component's log for its process to write to directly: a supervisor
 * that is frozen or slow never stands between a process and its log.
 */
export function withLog<T>(directory: string, name: string, use: (fd: number) => T): T {
  const fd = openSync(logPath(directory, name), 'a', 0o640)
  try {
    return use(fd)
  } finally {
    closeSync(fd)
  }
}

/** Keeps the logs of an instance within their size for as long as the process lives. */
export async function limitLogs(directory: string): Promise<() => void> {
  await mkdir(join(directory, 'logs'), { recursive: true })
  const timer = setInterval(() => cutLogsOnce(directory, LOG_BYTES_MAX), LOOK_MS).unref()
  return () => clearInterval(timer)
}

/** One look at all logs. A process goes on writing where it wrote; a few lines written meanwhile may be lost. */
export function cutLogsOnce(directory: string, bytesMax: number): number {
  const large = readdirSync(join(directory, 'logs'))
    .filter((file) => file.endsWith('.log'))
    .map((file) => join(directory, 'logs', file))
    .filter((path) => statSync(path).size > bytesMax)
  for (const path of large) {
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
  }
  return large.length
}

/** The end of a component's log, for a message about it. */
export async function lastLines(directory: string, name: string, count: number): Promise<string[]> {
  const path = logPath(directory, name)
  if (!existsSync(path)) return []
  const text = await readFile(path, 'utf8')
  return text.trimEnd().split('\n').slice(-count)
}
