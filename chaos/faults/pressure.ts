import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { limitMemory, memoryDeaths, memoryGroup, usedBytes } from '../../cluster/driver/memory.ts'
import { INSTANCE_MARK } from '../../cluster/driver/sweep.ts'
import type { Instance } from '../../cluster/instance.ts'

const MOUTHFUL_BYTES = 4 * 1024 ** 2
/** So much is eaten before somebody must have died of it: more than anything of ours keeps in memory that could be given up instead. */
const MOUTHFULS_MAX = 250
const LOOK_MS = 20
/** The kernel takes a lower limit only when it can give something up for it. */
const LIMIT_STEP = 1.05
const LIMIT_TRIES_MAX = 10

/** Of a group that has no memory left, the kernel kills those first that say so. */
const FIRST_TO_DIE = '1000'

/** A neighbour who takes as much memory as it is told to. It enters the group first. */
const ENTER = 'echo $$ > "$1" && shift && exec "$@"'
const NEIGHBOUR = `
const taken = []
process.stdin.on('data', (words) => {
  for (const _ of words) taken.push(Buffer.alloc(${MOUTHFUL_BYTES}, 1))
  process.stdout.write('.')
})
process.stdin.on('end', () => process.exit())
process.stdout.write('.')
`

/**
 * A component may use no more memory than it does, and a neighbour in its
 * group wants some of that, until the kernel kills somebody of it. Then the
 * neighbour goes; the limit stays until {@link relieve}.
 *
 * @returns How many of its processes the kernel has killed.
 * @throws Error when nobody dies of it.
 */
export async function press({ instance, directory }: Pick<Instance, 'instance' | 'directory'>, component: string): Promise<number> {
  const before = memoryDeaths(instance, component)
  const group = memoryGroup(instance, component)!
  const members = membersOf(group)
  const dead = () => (memoryDeaths(instance, component) > before ? members.filter((pid) => !existsSync(`/proc/${pid}`)).length : 0)
  for (const pid of members) offer(pid)
  limitToUsed(instance, component)
  const neighbour = moveIn(group, directory)
  const gone = once(neighbour, 'exit')
  const word = () => Promise.race([once(neighbour.stdout!, 'data'), gone])
  try {
    await word()
    for (let mouthfuls = 0; dead() === 0; mouthfuls++) {
      if (mouthfuls === MOUTHFULS_MAX) throw new Error(`nobody of ${component} dies of having no memory`)
      if (isGone(neighbour)) await sleep(LOOK_MS)
      else {
        neighbour.stdin!.write('x')
        await word()
      }
    }
    return dead()
  } finally {
    neighbour.kill('SIGKILL')
  }
}

/** The kernel may kill it, too, before who dies has given back what they had. */
function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** A component may take what there is. */
export function relieve({ instance }: Pick<Instance, 'instance'>, component: string): void {
  limitMemory(instance, component)
}

function offer(pid: string): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, FIRST_TO_DIE)
  } catch {
    // it has gone meanwhile
  }
}

function membersOf(group: string): string[] {
  return readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)
}

function limitToUsed(instance: number, component: string): void {
  let bytes = usedBytes(instance, component)
  for (let tries = 1; ; tries++) {
    try {
      limitMemory(instance, component, bytes)
      return
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'EBUSY' || tries === LIMIT_TRIES_MAX) throw err
      bytes = Math.max(bytes, usedBytes(instance, component)) * LIMIT_STEP
    }
  }
}

/** It bears the mark of the instance and of no component: whoever ends the instance ends it, too. */
function moveIn(group: string, directory: string): ChildProcess {
  const words = ['-c', ENTER, 'sh', join(group, 'cgroup.procs'), process.execPath, '-e', NEIGHBOUR]
  const child = spawn('/bin/sh', words, { stdio: ['pipe', 'pipe', 'ignore'], env: { [INSTANCE_MARK]: directory } })
  child.stdin!.on('error', () => {}) // it was killed: it hears nothing more
  return child
}
