import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** As whom PostgreSQL's programs run: it refuses to be root. */
export interface User {
  /** Absent when this process is nobody special: then as itself. */
  ids?: { uid: number; gid: number }
}

const OUTPUT_CHARS_MAX = 8_000

/** @throws Error when this process is root and the system has no user `postgres`. */
export function postgresUser(): User {
  if (process.getuid?.() !== 0) return {}
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'))
  if (!line) throw new Error('PostgreSQL does not run as root, and this system has no user postgres')
  const [, , uid, gid] = line.split(':')
  return { ids: { uid: Number(uid), gid: Number(gid) } }
}

/** Everything a program of PostgreSQL may know of this process: no secrets, and messages it can be recognised by. */
export const ENVIRONMENT = { PATH: process.env.PATH ?? '', LC_ALL: 'C' }

interface Running {
  input?: string
  signal?: AbortSignal
  /** What the program says, piece by piece. */
  hear?: (text: string) => void
}

/** Runs one program to its end. @throws Error with the tail of what it said, when it fails or is aborted. */
export function run(user: User, program: string, args: string[], { input = '', signal, hear }: Running = {}): Promise<string> {
  const child = spawn(program, args, { cwd: '/', env: ENVIRONMENT, ...user.ids, ...(signal && { signal, killSignal: 'SIGKILL' }) })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX)
    hear?.(chunk.toString())
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.stdin.on('error', () => {}) // it ended without reading all of it; its exit code says so
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${program} ended with ${code}: ${output}`))))
  })
}
