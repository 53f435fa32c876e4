import { spreadOf } from '../figures.ts'
import { binEdgesMs, type Frame } from './frame.ts'

/** A picture is so many times higher than what is usual. */
const USUAL_TIMES = 3
/** What is only a little higher is not worth a cut. */
const CUT_FROM = 1.5

/** How many of these moments fall into each bin of the frame; those outside of it count nowhere. */
export function countedIn(frame: Frame, placesMs: number[]): number[] {
  const counts = new Array<number>(binEdgesMs(frame).length - 1).fill(0)
  for (const ms of placesMs) {
    const bin = Math.floor((ms - frame.fromMs) / frame.binMs)
    if (bin >= 0 && bin < counts.length) counts[bin]!++
  }
  return counts
}

/** One bin of many runs. */
export interface Range {
  least: number
  middle: number
  most: number
}

/**
 * What each run had in each bin, as its least, its middle and its most over
 * all runs that were there for the whole bin. A bin that fewer than half of
 * the runs were there for says nothing of the series, and has none.
 *
 * @param valuesOf - The values of one run, bin by bin.
 */
export function rangesOf(frame: Frame, valuesOf: (span: Frame['spans'][number]) => number[]): Array<Range | undefined> {
  const edges = binEdgesMs(frame)
  const rows = frame.spans.map((span) => ({
    values: valuesOf(span),
    fromMs: span.beganMs - span.struckMs,
    toMs: span.endedMs - span.struckMs
  }))
  return edges.slice(1).map((endMs, bin) => {
    const there = rows.filter(({ fromMs, toMs }) => fromMs <= edges[bin]! && toMs >= endMs).map(({ values }) => values[bin]!)
    const { p50, max } = spreadOf(there)
    if (p50 === null || max === null || there.length * 2 < rows.length) return undefined
    return { least: Math.min(...there), middle: p50, most: max }
  })
}

/** As high as a picture has to be for what is usual: who was kept waiting comes all at once, and would make everything else flat. */
export function usualMost(counts: number[]): number | undefined {
  const usual = spreadOf(counts.filter((one) => one > 0)).p50
  const most = usual === null ? 0 : usual * USUAL_TIMES
  return counts.some((one) => one > most * CUT_FROM) ? most : undefined
}
