import type { Evidence, Moment } from '../evidence.ts'
import { spreadOf } from '../figures.ts'
import type { Run } from '../one-run.ts'

/** More runs than this are laid upon each other at the moment of the fault: side by side none of them could be seen. */
export const SIDE_BY_SIDE_MAX = 12
/** Bins of one picture; finer ones would be thinner than a line on a phone. */
const BINS_MAX = 240
const BINS_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000]

/** One run on the machine's clock. What is not known, because the run ended before it, is absent. */
export interface Span {
  run: number
  beganMs: number
  struckMs: number
  healedMs?: number
  wholeMs?: number
  endedMs: number
}

/** The time axis of a picture: the series as it was, or its runs laid upon each other. */
export interface Frame {
  /** Every run's fault is at 0; otherwise the series begins at 0. */
  aligned: boolean
  fromMs: number
  toMs: number
  binMs: number
  spans: Span[]
  /** The faults on this axis, one for each that is to be drawn. */
  bands: Array<Omit<Span, 'beganMs' | 'endedMs'>>
}

export function spansIn({ timeline, result, history }: Pick<Evidence, 'timeline' | 'result' | 'history'>): Span[] {
  const moments = Map.groupBy(timeline, ({ run }) => run)
  const lastMs = history.at(-1)?.atMs ?? 0
  return result.each.map((run, i) =>
    spanOf(run, moments.get(run.run) ?? [], result.each[i + 1]?.struckMs ?? Math.max(lastMs, run.struckMs))
  )
}

function spanOf({ run, struckMs }: Run, moments: Moment[], nextMs: number): Span {
  const at = (what: Moment['what']) => moments.find((moment) => moment.what === what)?.atMs
  const [healedMs, wholeMs] = [at('healed'), at('whole')]
  return {
    run,
    beganMs: at('began') ?? struckMs,
    struckMs: at('struck') ?? struckMs,
    ...(healedMs === undefined ? {} : { healedMs }),
    ...(wholeMs === undefined ? {} : { wholeMs }),
    endedMs: at('ended') ?? wholeMs ?? nextMs
  }
}

/** @param atMs - Moments that the axis has to hold when the series is shown as it was. */
export function frameOf(spans: Span[], atMs: number[]): Frame | undefined {
  if (spans.length === 0) return undefined
  return spans.length > SIDE_BY_SIDE_MAX ? alignedFrame(spans) : plainFrame(spans, atMs)
}

/** Where a moment is on the axis; nothing when it is in no run. */
export function placeOf({ aligned, spans }: Frame): (atMs: number) => number | undefined {
  const beganMs = startOf(spans)
  if (!aligned) return (atMs) => atMs - beganMs
  return (atMs) => {
    const span = spans.findLast((one) => one.beganMs <= atMs)
    return span && atMs <= span.endedMs ? atMs - span.struckMs : undefined
  }
}

/** Where the bins of a frame begin and end. */
export function binEdgesMs({ fromMs, toMs, binMs }: Frame): number[] {
  return Array.from({ length: Math.ceil((toMs - fromMs) / binMs) + 1 }, (_, i) => Math.min(toMs, fromMs + i * binMs))
}

function plainFrame(spans: Span[], atMs: number[]): Frame {
  const beganMs = startOf(spans)
  const endMs = [...atMs, ...spans.map(({ endedMs }) => endedMs)].reduce((latest, one) => Math.max(latest, one), beganMs + 1)
  const bands = spans.map((span) => shifted(span, -beganMs))
  return { aligned: false, fromMs: 0, ...rounded(0, endMs - beganMs), spans, bands }
}

/** From where half of the runs are there until half of them have ended; the fault is drawn as long as in the middle run. */
function alignedFrame(spans: Span[]): Frame {
  const middle = (toMs: keyof Omit<Span, 'run'>) =>
    spreadOf(spans.flatMap((span) => (span[toMs] === undefined ? [] : [span[toMs] - span.struckMs]))).p50
  const [healedMs, wholeMs, endMs] = [middle('healedMs'), middle('wholeMs'), Math.max(1, middle('endedMs')!)]
  const { binMs } = rounded(middle('beganMs')!, endMs)
  const fromMs = Math.floor(middle('beganMs')! / binMs) * binMs // so that a bin begins with the fault
  const band = { run: 0, struckMs: 0, ...(healedMs === null ? {} : { healedMs }), ...(wholeMs === null ? {} : { wholeMs }) }
  return { aligned: true, fromMs, ...rounded(fromMs, endMs), binMs, spans, bands: [band] }
}

function shifted({ run, struckMs, healedMs, wholeMs }: Span, byMs: number): Frame['bands'][number] {
  return {
    run,
    struckMs: struckMs + byMs,
    ...(healedMs === undefined ? {} : { healedMs: healedMs + byMs }),
    ...(wholeMs === undefined ? {} : { wholeMs: wholeMs + byMs })
  }
}

/** Ends with a whole bin. */
function rounded(fromMs: number, endMs: number): { binMs: number; toMs: number } {
  const binMs = BINS_MS.find((one) => (endMs - fromMs) / one <= BINS_MAX) ?? (endMs - fromMs) / BINS_MAX
  return { binMs, toMs: fromMs + Math.ceil((endMs - fromMs) / binMs) * binMs }
}

function startOf(spans: Span[]): number {
  return spans[0]!.beganMs
}
