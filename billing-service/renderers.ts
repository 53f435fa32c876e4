import { Worker } from 'node:worker_threads'
import type { Job } from './make-document.ts'

const RENDER_MS_MAX = 20_000

interface Reply {
  no: number
  bytes?: Uint8Array
  reason?: string
}

interface Waiting {
  resolve: (bytes: Buffer) => void
  reject: (err: Error) => void
  clock: NodeJS.Timeout
}

export interface Renderers {
  render: (job: Job) => Promise<Buffer>
  close: () => Promise<void>
}

/**
 * Threads that make PDFs, each with its fonts parsed once. One that dies or
 * hangs longer than {@link RENDER_MS_MAX} fails what it was given and is
 * replaced by the next one that is needed.
 */
export function openRenderers(count: number): Renderers {
  const threads = Array.from({ length: count }, openThread)
  let next = 0
  return {
    render: (job) => threads[next++ % count]!.render(job),
    close: async () => void (await Promise.all(threads.map((thread) => thread.close())))
  }
}

function openThread(): Renderers {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let no = 0
  return { render, close: async () => void (await worker?.terminate()) }

  function render(job: Job): Promise<Buffer> {
    worker ??= start()
    no += 1
    worker.postMessage({ no, job })
    return new Promise((resolve, reject) => {
      const clock = setTimeout(() => worker?.terminate(), RENDER_MS_MAX)
      waiting.set(no, { resolve, reject, clock })
    })
  }

  function start(): Worker {
    const started = new Worker(new URL('render.worker.ts', import.meta.url))
    let cause: unknown
    started.on('message', ({ no, bytes, reason }: Reply) => {
      if (bytes) settle(no, ({ resolve }) => resolve(Buffer.from(bytes)))
      else settle(no, ({ reject }) => reject(new Error(reason)))
    })
    started.on('error', (err) => {
      cause = err
    })
    started.on('exit', () => {
      if (worker === started) worker = undefined
      for (const no of [...waiting.keys()]) settle(no, ({ reject }) => reject(new Error('the thread that renders ended', { cause })))
    })
    return started
  }

  function settle(no: number, answer: (waiting: Waiting) => void): void {
    const found = waiting.get(no)
    if (!found) return
    waiting.delete(no)
    clearTimeout(found.clock)
    answer(found)
  }
}
