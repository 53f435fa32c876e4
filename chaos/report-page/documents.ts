import type { Evidence, Paper } from '../evidence.ts'
import { spreadOf } from '../figures.ts'
import { countedIn, rangesOf } from './bins.ts'
import { type Chart, rangeChart, stackChart } from './charts.ts'
import { BAND_SIGNS, figure, sign } from './figure.ts'
import { binEdgesMs, type Frame, frameOf, type Span } from './frame.ts'
import { html, type Markup } from './html.ts'
import { spacedNote, strips } from './strips.ts'
import { count, counted, took } from './words.ts'

type Step = 'publishedAt' | 'issuedAt' | 'renderedAt' | 'mailedAt'

const PLOT_PX = 120
const STEPS: Array<{ step: Step; name: string; waiting: string; kind: string }> = [
  { step: 'publishedAt', name: 'To the broker', waiting: 'for the broker', kind: 'wait-1' },
  { step: 'issuedAt', name: 'To the receipt', waiting: 'for the receipt', kind: 'wait-2' },
  { step: 'renderedAt', name: 'To the PDF', waiting: 'for the PDF', kind: 'wait-3' },
  { step: 'mailedAt', name: 'To the mail', waiting: 'for the mail', kind: 'wait-4' }
]

/** What became of the documents of every sale, and how many sales waited for them meanwhile. */
export function documentsOf({ papers, history, timeline }: Evidence, spans: Span[]): Markup | false {
  const clock = [...timeline.slice(0, 1), ...history.slice(0, 1)][0]
  if (papers.length === 0) return false
  return html`${delaysOf(papers)}${clock !== undefined && waitingOf(papers, spans, Date.parse(clock.wall) - clock.atMs)}`
}

function delaysOf(papers: Paper[]): Markup {
  const rows = STEPS.map(({ step, name }) => ({ name, valuesMs: papers.flatMap((paper) => delayMs(paper, step) ?? []) }))
  const { p50, max } = spreadOf(rows[2]!.valuesMs)
  const missing = papers.length - rows[2]!.valuesMs.length
  const without = missing === 0 ? '' : ` ${count(missing)} of ${counted(papers.length, 'sale')} had no PDF when the series ended.`
  return figure({
    finding: `A sale had its PDF after ${took(p50)} in the middle, and after ${took(max)} at the latest.${without}`,
    legend: html`One dot for each of ${counted(papers.length, 'sale')}, how long after the sale; each line is ten times the one before it. ${sign('median', 'median, and 99th percentile where there is one')}`,
    body: strips(
      {
        name: 'documents',
        title: 'From the sale to its documents',
        description: `To the PDF: median ${took(p50)}, longest ${took(max)}.`,
        powers: true
      },
      rows
    ),
    note: spacedNote(rows)
  })
}

/** @param wallMs - What is added to the machine's clock to make it UTC. */
function waitingOf(papers: Paper[], spans: Span[], wallMs: number): Markup | false {
  const machineMs = (text: string | null) => (text === null ? Number.POSITIVE_INFINITY : Date.parse(text) - wallMs)
  const times = ['soldAt' as const, ...STEPS.map(({ step }) => step)].map((step) =>
    papers.map((paper) => machineMs(paper[step])).sort((a, b) => a - b)
  )
  const frame = frameOf(spans, times.at(-1)!.filter(Number.isFinite).slice(-1))
  if (!frame) return false
  const chart = {
    name: 'waiting',
    title: 'Sales that waited for their documents',
    description: 'How many sales had no mail yet.',
    frame,
    plotPx: PLOT_PX
  }
  const { most, ...drawn } = frame.aligned ? rangesIn(chart, times) : stackIn(chart, times)
  return figure({ finding: `At most ${counted(most, 'sale')} waited for documents at once.`, ...drawn })
}

function stackIn(chart: Chart, times: number[][]) {
  const beganMs = chart.frame.spans[0]!.beganMs
  const come = times.map((ms) => reached(chart.frame, ms, beganMs))
  return {
    most: mostOf(differences(come[0]!, come.at(-1)!)),
    legend: html`Sales that wait ${STEPS.map(({ kind, waiting }) => html`${sign(kind, waiting)} `)}${BAND_SIGNS}`,
    body: stackChart(
      chart,
      STEPS.map(({ kind }, i) => ({ kind, counts: differences(come[i]!, come[i + 1]!) }))
    )
  }
}

function rangesIn(chart: Chart, times: number[][]) {
  const { frame } = chart
  const ranges = rangesOf(frame, ({ struckMs }) =>
    differences(reached(frame, times[0]!, struckMs), reached(frame, times.at(-1)!, struckMs))
  )
  return {
    most: mostOf(ranges.map((range) => range?.most ?? 0)),
    legend: html`Sales whose mail is not yet sent: ${sign('middle', 'the middle run')} ${sign('range', 'from the least to the most of all runs')} ${BAND_SIGNS}`,
    body: rangeChart(chart, ranges)
  }
}

/** What is written down late may seem to have come before what it follows. */
function differences(before: number[], after: number[]): number[] {
  return before.map((value, i) => Math.max(0, value - after[i]!))
}

function mostOf(values: number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

/** How many of these moments have come by the end of each bin, from the first moment on. */
function reached(frame: Frame, sortedMs: number[], zeroMs: number): number[] {
  const counts = countedIn(
    frame,
    sortedMs.map((ms) => ms - zeroMs)
  )
  let sum = sortedMs.findIndex((ms) => ms - zeroMs >= binEdgesMs(frame)[0]!)
  if (sum < 0) sum = sortedMs.length
  return counts.map((more) => (sum += more))
}

function delayMs(paper: Paper, step: Step): number | undefined {
  const at = paper[step]
  return at === null ? undefined : Math.max(0, Date.parse(at) - Date.parse(paper.soldAt))
}
