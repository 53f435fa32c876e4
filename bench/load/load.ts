import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Job, Jobs } from './generator.ts'

export interface Load {
  /** Makes a load in the other process and gives what its callers saw. */
  run: <J extends Job>(job: J, input: Parameters<Jobs[J]>[0]) => Promise<Awaited<ReturnType<Jobs[J]>>>
  close: () => void
}

/** One process for all loads of a run, so that it is warm when it counts. */
export function openLoad(): Load {
  const child = fork(join(import.meta.dirname, 'generator.ts'), { serialization: 'advanced' })
  return { run: run as Load['run'], close: () => child.disconnect() }

  async function run(job: Job, input: unknown): Promise<unknown> {
    child.send({ job, input } as object)
    const ended = new AbortController()
    const died = once(child, 'exit', { signal: ended.signal }).then(() => [{ failed: 'the load generator died' }])
    const [reply] = await Promise.race([once(child, 'message'), died]).finally(() => ended.abort())
    died.catch(() => {})
    if ('failed' in reply) throw new Error(reply.failed)
    return reply.done
  }
}
