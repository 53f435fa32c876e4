import { type Quantiles, quantilesOf } from '../figures.ts'
import type { Answer } from './wire.ts'

/** What callers saw. */
export interface Report {
  seconds: number
  /** How many got what they asked for. */
  ok: number
  /** How often each refusal, by its code. */
  refused: Record<string, number>
  /** Answers of 500 and above, and none at all. */
  errors: Record<string, number>
  /** Answers that say 200 and something else than what was asked for. */
  wrong: string[]
  okMs: Quantiles
  /** Of everybody who got an answer, and something else than what they asked for. */
  otherMs: Quantiles
  allMs: Quantiles
}

export interface Tally {
  /** @param fault - What is wrong with an answer of 200. @returns Whether it was all that was asked for. */
  count: (answer: Answer, fault?: (body: unknown) => string | undefined) => boolean
  fail: (err: unknown) => void
  report: () => Report
}

const TOLD_MAX = 5

export function openTally(): Tally {
  const beganMs = performance.now()
  const okMs: number[] = []
  const otherMs: number[] = []
  const [refused, errors, wrong] = [new Map<string, number>(), new Map<string, number>(), [] as string[]]
  let lastMs = beganMs
  return { count, fail, report }

  function count(answer: Answer, fault: (body: unknown) => string | undefined = () => undefined): boolean {
    lastMs = performance.now()
    const body: unknown = JSON.parse(answer.body.toString() || '{}')
    if (answer.status === 200) {
      const what = fault(body)
      if (what) wrong.push(what)
      ;(what ? otherMs : okMs).push(answer.ms)
      return what === undefined
    }
    const { code = String(answer.status) } = body as { code?: string }
    add(answer.status >= 500 ? errors : refused, code)
    otherMs.push(answer.ms)
    return false
  }

  function fail(err: unknown): void {
    lastMs = performance.now()
    add(errors, (err as Error).message)
  }

  function report(): Report {
    return {
      seconds: (lastMs - beganMs) / 1_000,
      ok: okMs.length,
      refused: Object.fromEntries(refused),
      errors: Object.fromEntries(errors),
      wrong: wrong.length > TOLD_MAX ? [...wrong.slice(0, TOLD_MAX), `and ${wrong.length - TOLD_MAX} more`] : wrong,
      okMs: quantilesOf(okMs),
      otherMs: quantilesOf(otherMs),
      allMs: quantilesOf([...okMs, ...otherMs])
    }
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
