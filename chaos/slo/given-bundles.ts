import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../cluster/instance.ts'
import { EVIDENCE, type Moment, PAGE, type Paper } from '../evidence.ts'
import type { Entry, Op } from '../history.ts'
import type { Result } from '../result.ts'
import type { Bundle } from './bundles.ts'
import { definitionFiles } from './definitions.ts'
import { FOLDER } from './manifest.ts'

const EPOCH_MS = Date.parse('2026-03-01T12:00:00.000Z')
const RUN_MS = 10_000
const STRUCK_MS = 2_000

/** A small series that never happened: every second a command of each kind, each told yes after its answer time. */
export interface Given {
  scenario: string
  seed?: number
  runs?: number
  ops?: Op[]
  answerMs?: number
  /** Nobody is told anything from the fault until so long after it. */
  outageMs?: number
  /** From the fault to its healing. */
  faultMs?: number
  /** From a sale to its PDF. */
  documentMs?: number
  said?: string
}

export function givenBundle({
  scenario,
  seed = 1,
  runs = 2,
  ops = ['sale', 'hold'],
  answerMs = 20,
  outageMs = 0,
  faultMs = outageMs,
  documentMs = 1_500,
  said
}: Given): Bundle {
  const history: Entry[] = []
  const timeline: Moment[] = []
  const papers: Paper[] = []
  for (let run = 1; run <= runs; run++) {
    const beganMs = (run - 1) * RUN_MS
    const struckMs = beganMs + STRUCK_MS
    const whats = ['began', 'struck', 'healed', 'whole', 'ended'] as const
    const offsetsMs = [0, STRUCK_MS, STRUCK_MS + faultMs, STRUCK_MS + faultMs + 500, RUN_MS - 1]
    timeline.push(...whats.map((what, i) => ({ what, run, ...givenMoment(beganMs + offsetsMs[i]!) })))
    if (said) timeline.push({ what: 'said', run, ...givenMoment(struckMs + 1), text: said })
    for (let ms = beganMs; ms < beganMs + RUN_MS; ms += 500) {
      if (ms >= struckMs && ms < struckMs + outageMs) continue
      for (const op of ops) {
        const key = `${scenario}-${op}-${ms}`
        history.push(...givenStory(op, key, ms, answerMs))
        if (op === 'sale' || op === 'purchase') papers.push(givenPaper(key, ms + answerMs, documentMs))
      }
    }
  }
  return { name: `${scenario}-${seed}`, directory: '', result: givenResult(scenario, seed, runs), history, timeline, papers }
}

export function givenStory(op: Op, key: string, atMs: number, answerMs: number): Entry[] {
  const seatNos = [Number(key.replaceAll(/\D/g, '')) + 1]
  const about = op === 'sale' || op === 'hold' ? { showId: op === 'sale' ? 1 : 2, seatNos } : {}
  const said = { op, key, try: 1, ...about }
  const orderId = op === 'sale' || op === 'purchase' ? { orderId: key } : {}
  return [
    { type: 'invoke', ...said, ...givenMoment(atMs) },
    { type: 'ok', ...said, ...givenMoment(atMs + answerMs), status: 200, ...orderId }
  ]
}

export function givenPaper(orderId: string, soldMs: number, documentMs: number): Paper {
  const at = (ms: number) => givenMoment(soldMs + ms).wall
  return {
    orderId,
    totalClp: 25_000,
    soldAt: at(0),
    publishedAt: at(documentMs / 3),
    issuedAt: at(documentMs / 2),
    renderedAt: at(documentMs),
    mailedAt: at(documentMs + 100)
  }
}

export function givenMoment(atMs: number): Pick<Moment, 'atMs' | 'wall'> {
  return { atMs, wall: new Date(EPOCH_MS + Math.floor(atMs)).toISOString() }
}

function givenResult(scenario: string, seed: number, runs: number): Result {
  const made = {
    commit: '0123456789abcdef0123456789abcdef01234567',
    clean: true,
    node: 'v24.0.0',
    cpus: 2,
    memoryBytes: 8 * 1024 ** 3,
    kernel: '6.1.0',
    beganAt: givenMoment(0).wall,
    endedAt: givenMoment(runs * RUN_MS).wall
  }
  return { scenario, seed, runs, made, holds: true, violations: [] } as Partial<Result> as Result
}

/** As a series leaves it. */
export function writeBundle(directory: string, { result, history, timeline, papers }: Bundle): string {
  mkdirSync(directory, { recursive: true })
  const lines = (all: readonly unknown[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('')
  writeFileSync(join(directory, EVIDENCE.history), lines(history))
  writeFileSync(join(directory, EVIDENCE.timeline), lines(timeline))
  writeFileSync(join(directory, EVIDENCE.papers), lines(papers))
  writeFileSync(join(directory, EVIDENCE.result), `${JSON.stringify(result, null, 2)}\n`)
  writeFileSync(join(directory, PAGE), '<!doctype html><title>a series</title>\n')
  return directory
}

/** The real definitions and the real verifier, and nothing else, below an empty folder. */
export function givenRoot(folder: string): string {
  mkdirSync(join(folder, FOLDER), { recursive: true })
  for (const file of [...definitionFiles(join(ROOT, FOLDER)), 'verify.mjs']) cpSync(join(ROOT, FOLDER, file), join(folder, FOLDER, file))
  return folder
}

/** One series of every kind that an objective reads. */
export function givenSeries(): Bundle[] {
  return [
    givenBundle({ scenario: 'on-sale', runs: 6, ops: ['sale', 'hold', 'page', 'purchase'], answerMs: 12.34, faultMs: 7_000 }),
    givenBundle({ scenario: 'no-fault' }),
    givenBundle({ scenario: 'postgres-primary-killed', runs: 4, outageMs: 1_500 }),
    givenBundle({ scenario: 'postgres-primary-frozen', outageMs: 3_000 }),
    givenBundle({ scenario: 'postgres-primary-partitioned', outageMs: 4_000 }),
    givenBundle({ scenario: 'broker-killed' }),
    givenBundle({ scenario: 'broker-wiped' }),
    givenBundle({ scenario: 'billing-down', outageMs: 2_000 }),
    givenBundle({ scenario: 'mariadb-primary-killed', outageMs: 1_000 }),
    givenBundle({ scenario: 'portal-killed', ops: ['page', 'read', 'sale'], outageMs: 1_000 }),
    givenBacklog()
  ]
}

/** Five thousand orders whose documents come afterwards, 50 orders with 150 files a second, where 180 files would be possible. */
export function givenBacklog(): Bundle {
  const said = '15003 files of 5001 orders in 100 s: 150.0/s, bare 180.0/s, share 0.83'
  const bundle = givenBundle({ scenario: 'backlog-drained', runs: 1, ops: [], said })
  const papers = Array.from({ length: 5_001 }, (_, i) => givenPaper(`backlog-${i}`, -5_000, 7_020 + i * 20))
  return { ...bundle, papers }
}
