import { Worker } from 'node:worker_threads'
import type { Job } from './make-document.ts'

const SILENCE_MS_MAX = 30_000 // a page takes a twentieth of a second; a busy machine is slower, a hung thread is silent

interface Reply {
  no: number
  bytes?: Uint8Array
  reason?: string
}

interface Waiting {
  resolve: (bytes: Buffer) => void
  reject: (err: Error) => void
}

export interface Renderers {
  render: (job: Job) => Promise<Buffer>
  close: () => Promise<void>
}

/**
 * Threads that make PDFs, each with its fonts parsed once. One that dies or
 * is silent longer than {@link SILENCE_MS_MAX} fails what it was given and is
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
  let clock: NodeJS.Timeout | undefined
  let no = 0
  return { render, close: async () => void (await worker?.terminate()) }

  function render(job: Job): Promise<Buffer> {
    worker ??= start()
    no += 1
    worker.postMessage({ no, job })
    return new Promise((resolve, reject) => {
      waiting.set(no, { resolve, reject })
      if (waiting.size === 1) listen()
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
    listen()
    answer(found)
  }

  /** From now on it has so long to say something, if it has anything to do. */
  function listen(): void {
    clearTimeout(clock)
    if (waiting.size > 0) clock = setTimeout(() => worker?.terminate(), SILENCE_MS_MAX)
  }
}
