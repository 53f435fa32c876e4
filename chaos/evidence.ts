import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Entry } from './history.ts'
import type { Result } from './result.ts'

/** What a series leaves behind: everything that is said about it can be reckoned again from these files. */
export const EVIDENCE = {
  /** What buyers asked and were told: one {@link Entry} a line. */
  history: 'history.jsonl',
  /** What was done to the shop, and when: one {@link Moment} a line. */
  timeline: 'timeline.jsonl',
  /** When the documents of each order came: one {@link Paper} a line. */
  papers: 'papers.jsonl',
  /** What it came to, see `result.ts`. */
  result: 'result.json'
} as const

/** The same for people. */
export const PAGE = 'report.html'

/** `struck`: the fault is done. `healed`: nothing is done any more. `whole`: everything is as it was before. `said`: a scenario's own remark. */
export interface Moment {
  what: 'began' | 'struck' | 'healed' | 'whole' | 'ended' | 'said'
  /** Counted from 1. */
  run: number
  /** By the machine's clock, as in the history. */
  atMs: number
  wall: string
  text?: string
}

/** One order's way from its sale to its mail, in UTC by the databases' clocks; null: not yet when the series ended. */
export interface Paper {
  orderId: string
  totalClp: number
  soldAt: string
  /** The broker has confirmed it, and the relay has written that down. */
  publishedAt: string | null
  /** The event was taken from the queue and took effect: folio, receipt and tickets are in one transaction. */
  issuedAt: string | null
  /** The last of the order's PDFs was made. */
  renderedAt: string | null
  /** The mail server took the mail. */
  mailedAt: string | null
}

export interface Evidence {
  directory: string
  result: Result
  history: Entry[]
  timeline: Moment[]
  papers: Paper[]
}

/** What a series writes down: what happens as it does, the rest at its end. */
export interface Recording {
  note: (moment: Moment) => void
  close: (result: Result, history: Entry[], papers: Paper[]) => void
}

export function openRecord(directory: string): Recording {
  mkdirSync(directory, { recursive: true })
  const write = (file: string, lines: readonly unknown[]) =>
    writeFileSync(join(directory, file), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  write(EVIDENCE.timeline, [])
  return {
    note: (moment) => appendFileSync(join(directory, EVIDENCE.timeline), `${JSON.stringify(moment)}\n`),
    close(result, history, papers) {
      write(EVIDENCE.history, history)
      write(EVIDENCE.papers, papers)
      writeFileSync(join(directory, EVIDENCE.result), `${JSON.stringify(result, null, 2)}\n`)
    }
  }
}

/** @param directory - With the files as a series leaves them, or compressed by gzip. */
export function readEvidence(directory: string): Evidence {
  const lines = <T>(file: string) =>
    textOf(directory, file)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T)
  return {
    directory,
    result: JSON.parse(textOf(directory, EVIDENCE.result)) as Result,
    history: lines(EVIDENCE.history),
    timeline: lines(EVIDENCE.timeline),
    papers: lines(EVIDENCE.papers)
  }
}

function textOf(directory: string, file: string): string {
  const path = join(directory, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString()
}
