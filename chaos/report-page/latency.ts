import { spreadOf } from '../figures.ts'
import type { Outcome } from '../history.ts'
import type { Result } from '../result.ts'
import { type Answer, atBoxOffice } from './answers.ts'
import { lengthChart } from './charts.ts'
import { BAND_SIGNS, figure, sign } from './figure.ts'
import { binEdgesMs, type Frame, placeOf } from './frame.ts'
import { html, type Markup } from './html.ts'
import { count, counted, TOLD, took } from './words.ts'

const PLOT_PX = 200
/** Of each outcome; more could not be told apart, and would make the file heavy. */
const DOTS_MAX = 2_500

interface Dot {
  atMs: number
  tookMs: number
}

/** How long each answer at the box office took. */
export function latencyOf(frame: Frame, answers: Answer[], result: Result): Markup | false {
  const place = placeOf(frame)
  const box = answers.filter(atBoxOffice).flatMap((answer) => {
    const atMs = place(answer.atMs)
    return atMs === undefined || atMs < frame.fromMs || atMs > frame.toMs ? [] : [{ ...answer, atMs }]
  })
  if (box.length === 0) return false
  const clouds = (['ok', 'refused', 'unknown'] as Outcome[]).map((outcome) => {
    const dots = box.filter((answer) => answer.outcome === outcome)
    return {
      outcome,
      kind: `dot ${outcome}`,
      all: dots.length,
      points: thinned(frame.aligned ? dots.toSorted((a, b) => a.atMs - b.atMs) : dots)
    }
  })
  const chart = {
    name: 'latency',
    title: 'How long each answer at the box office took',
    description: `${counted(box.length, 'answer')}; the longest that anybody who came during a fault waited: ${took(result.answerMsMax)}.`,
    frame,
    plotPx: PLOT_PX
  }
  return figure({
    finding: `Whoever came during a fault waited at most ${took(result.answerMsMax)} for an answer, and at most ${took(result.knownMsMax)} until they knew.`,
    legend: html`One dot for each answer at the box office, when it came; the height is how long it took, each line ten times the one below:
${clouds.map(({ outcome, all }) => all > 0 && html`${sign(`dot ${outcome}`, TOLD[outcome])} `)}${frame.aligned && html`${sign('middle', 'half took less, bin by bin')} ${sign('tail', 'ninety-nine in a hundred took less (all, below a hundred answers)')}`} ${BAND_SIGNS}`,
    body: lengthChart(chart, clouds, frame.aligned ? linesOf(frame, box) : []),
    note: noteOf(clouds)
  })
}

/** Of so many neighbours the slowest one stands for all: what was bad is never thinned away. */
export function thinned<T extends Dot>(dots: T[]): T[] {
  const each = Math.ceil(dots.length / DOTS_MAX)
  if (each <= 1) return dots
  return Array.from({ length: Math.ceil(dots.length / each) }, (_, i) =>
    dots.slice(i * each, (i + 1) * each).reduce((slowest, dot) => (dot.tookMs > slowest.tookMs ? dot : slowest))
  )
}

function linesOf(frame: Frame, box: Dot[]) {
  const bins = Map.groupBy(box, ({ atMs }) => Math.floor((atMs - frame.fromMs) / frame.binMs))
  const spreads = binEdgesMs(frame)
    .slice(1)
    .map((_, bin) => spreadOf((bins.get(bin) ?? []).map(({ tookMs }) => tookMs)))
  return [
    { kind: 'tail', valuesMs: spreads.map(({ p99, max }) => p99 ?? max) },
    { kind: 'middle', valuesMs: spreads.map(({ p50 }) => p50) }
  ]
}

function noteOf(clouds: Array<{ outcome: Outcome; all: number; points: Dot[] }>): string | undefined {
  const thin = clouds.filter(({ all, points }) => all > points.length)
  if (thin.length === 0) return undefined
  const parts = thin.map(({ outcome, all, points }) => `${count(points.length)} of the ${count(all)} dots for «${TOLD[outcome]}»`)
  return `Drawn are ${parts.join(', ')}: of ${Math.ceil(thin[0]!.all / DOTS_MAX)} neighbours in time only the slowest. The figures are of all.`
}
