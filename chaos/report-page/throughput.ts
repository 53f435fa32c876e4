import { successesMs } from '../figures.ts'
import type { Entry, Outcome } from '../history.ts'
import type { Result } from '../result.ts'
import { type Answer, atBoxOffice } from './answers.ts'
import { countedIn, rangesOf, usualMost } from './bins.ts'
import { type Chart, rangeChart, stackChart } from './charts.ts'
import { BAND_SIGNS, figure, sign } from './figure.ts'
import { type Frame, placeOf } from './frame.ts'
import { html, type Markup } from './html.ts'
import { count, counted, DONE, TOLD, took } from './words.ts'

const PLOT_PX = 170
const OTHERS_PLOT_PX = 44
/** Who was told what, and when: at the box office, and below it by everybody else. */
export function throughputOf(frame: Frame, history: Entry[], answers: Answer[], result: Result): Markup {
  const box = answers.filter((answer) => atBoxOffice(answer) && !answer.again)
  if (!box.some(({ outcome }) => outcome === 'ok')) return html`${othersOf(frame, answers)}`
  const bin = took(frame.binMs)
  const { p50, max } = result.rtoMs
  const chart = {
    name: 'throughput',
    title: `Answers at the box office in each ${bin}`,
    description: `${counted(box.length, 'answer')} over ${took(frame.toMs - frame.fromMs)}; the longest time without a success: median ${took(p50)}, at most ${took(max)}.`,
    frame,
    plotPx: PLOT_PX
  }
  const howLong = result.runs === 1 ? took(max) : `${took(p50)} in the middle run and for ${took(max)} in the worst`
  const finding = `With the fault, nobody succeeded for ${howLong}.`
  const body = frame.aligned ? alignedOf(chart, history) : stackOf(chart, box)
  return html`${figure({ finding, ...body })}${frame.aligned && errorsOf(frame, box)}${othersOf(frame, answers)}`
}

function stackOf(chart: Chart, box: Answer[]) {
  const layers = layersOf(chart.frame, box)
  const most = usualMost(layers[0]!.counts.map((_, bin) => layers.reduce((sum, { counts }) => sum + counts[bin]!, 0)))
  return {
    legend: html`Answers at the box office in each ${took(chart.frame.binMs)}: ${outcomeSigns()} ${BAND_SIGNS}`,
    body: stackChart({ ...chart, most }, layers),
    note:
      most === undefined
        ? undefined
        : 'Whoever was kept waiting is told at once afterwards: such bins are cut, with their number beside them.'
  }
}

function alignedOf(chart: Chart, history: Entry[]) {
  const { frame } = chart
  const okMs = successesMs(history)
  const ranges = rangesOf(frame, ({ struckMs, beganMs, endedMs }) =>
    countedIn(
      frame,
      okMs.filter((ms) => ms >= beganMs && ms <= endedMs).map((ms) => ms - struckMs)
    )
  )
  const most = usualMost(ranges.flatMap((range) => range?.most ?? []))
  return {
    legend: html`Successes at the box office in each ${took(frame.binMs)} of a run; ${counted(frame.spans.length, 'run')} laid upon each other at the
moment of the fault: ${sign('middle', 'the middle run')} ${sign('range', 'from the least to the most of all')} ${BAND_SIGNS} in the middle run`,
    body: rangeChart({ ...chart, most }, ranges),
    note: most === undefined ? undefined : 'Whoever was kept waiting is told at once afterwards: what is above the picture is cut.'
  }
}

/** What a middle run hides: an error that one buyer in a hundred runs was shown. */
function errorsOf(frame: Frame, box: Answer[]): Markup | false {
  const errors = box.filter(({ outcome }) => outcome === 'unknown')
  if (errors.length === 0) return false
  const chart = {
    name: 'errors',
    title: 'Errors at the box office, all runs together',
    description: `${counted(errors.length, 'answer')} that left a buyer not knowing.`,
    frame,
    plotPx: OTHERS_PLOT_PX
  }
  return figure({
    finding: `${counted(errors.length, 'time')} somebody at the box office was told ${TOLD.unknown}, and asked again.`,
    legend: html`All runs together, in each ${took(frame.binMs)}: ${sign('unknown', TOLD.unknown)}`,
    body: stackChart(chart, [{ kind: 'unknown', counts: placed(frame, errors, 'unknown') }])
  })
}

function othersOf(frame: Frame, answers: Answer[]): Markup[] {
  const others = [...Map.groupBy(answers, ({ op }) => op)].filter(([op]) => !atBoxOffice({ op }))
  return others.map(([op, theirs]) => {
    const failed = theirs.filter(({ outcome }) => outcome === 'unknown').length
    const finding = `${DONE[op]}: ${counted(theirs.length, 'answer')}, ${failed === 0 ? 'none failed' : `${count(failed)} failed`}.`
    const chart = { name: `others-${op}`, title: DONE[op], description: finding, frame, plotPx: OTHERS_PLOT_PX }
    const legend = html`${frame.aligned ? 'All runs together, in' : 'In'} each ${took(frame.binMs)}: ${sign('ok', 'done')} ${sign('unknown', TOLD.unknown)}`
    return figure({ finding, legend, body: stackChart(chart, layersOf(frame, theirs)) })
  })
}

function layersOf(frame: Frame, answers: Answer[]) {
  const kinds: Outcome[] = ['ok', 'refused', 'unknown']
  return kinds.map((kind) => ({ kind, counts: placed(frame, answers, kind) }))
}

function placed(frame: Frame, answers: Answer[], kind: Outcome): number[] {
  const place = placeOf(frame)
  return countedIn(
    frame,
    answers.filter(({ outcome }) => outcome === kind).flatMap(({ atMs }) => place(atMs) ?? [])
  )
}

function outcomeSigns(): Markup {
  return html`${sign('ok', `told ${TOLD.ok}`)} ${sign('refused', `told ${TOLD.refused}`)} ${sign('unknown', `told ${TOLD.unknown}`)}`
}
