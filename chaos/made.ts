import { execFile } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { ROOT } from '../cluster/instance.ts'

const run = promisify(execFile)

/** What a figure cannot be judged without. */
export interface Made {
  /** Of the code; empty where there is no history of it. */
  commit: string
  /** Nothing of the code differed from that commit. */
  clean: boolean
  node: string
  cpus: number
  memoryBytes: number
  kernel: string
  /** In UTC. */
  beganAt: string
  endedAt: string
}

/** @returns Says, when asked, that what was made began now and has ended. */
export async function making(): Promise<() => Made> {
  const beganAt = new Date().toISOString()
  const { commit, clean } = await codeNow().catch(() => ({ commit: '', clean: false }))
  return () => ({
    commit,
    clean,
    node: process.version,
    cpus: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    beganAt,
    endedAt: new Date().toISOString()
  })
}

async function codeNow(): Promise<Pick<Made, 'commit' | 'clean'>> {
  const git = async (...args: string[]) => (await run('git', args, { cwd: ROOT })).stdout.trim()
  const [commit, changes] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')])
  return { commit, clean: changes === '' }
}
