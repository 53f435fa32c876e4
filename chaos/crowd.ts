import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Job, Load, Order, Report } from './load/load.ts'

/** The process of buyers, as its starter sees it. */
export interface Crowd {
  begin: (job: Job) => Promise<void>
  /** From now on buyers come, until they are to rest. */
  come: (load: Load) => Promise<void>
  /** Nobody comes any more, until others are to come. Resolves when everybody who came was told, or has given up. */
  rest: () => Promise<void>
  close: () => void
}

/** @param onTrouble - A buyer did what buyers do not do, or all of them are gone: the test is wrong, not the shop. */
export function openCrowd(onTrouble: (err: Error) => void): Crowd {
  const child = fork(join(import.meta.dirname, 'buyers-process.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  let closing = false
  child.on('message', (report: Report) => 'failed' in report && onTrouble(new Error(report.failed)))
  child.on('error', onTrouble)
  child.on('exit', (code, signal) => closing || onTrouble(new Error(`the process of buyers has ended (${signal ?? code})`)))

  return {
    begin: (job) => order(child, { begin: job }, (report) => 'begun' in report),
    come: (load) => order(child, { come: load }, (report) => 'coming' in report),
    rest: () => order(child, { rest: true }, (report) => 'rested' in report),
    close() {
      closing = true
      child.kill()
    }
  }
}

function order(child: ChildProcess, what: Order, isAnswer: (report: Report) => boolean): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const done = (err?: Error) => {
      child.off('message', hear).off('exit', ended)
      if (err) reject(err)
      else resolve()
    }
    const ended = () => done(new Error('the process of buyers has ended'))
    const hear = (report: Report) => {
      if ('unfit' in report) done(new Error(report.unfit))
      if (isAnswer(report)) done()
    }
    child.on('message', hear).once('exit', ended)
    child.send(what, (err) => err && done(err))
  })
}
