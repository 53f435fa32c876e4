import { backdrop } from './bands.ts'
import type { Range } from './bins.ts'
import { binEdgesMs, type Frame } from './frame.ts'
import type { Markup, Piece } from './html.ts'
import { between, dots, fieldX, level, picture, shape, stairs, word } from './picture.ts'
import { counting, logarithmic, type Scale, time } from './scale.ts'
import { count, tick } from './words.ts'

/** Room for the names of the faults above, and for the time below. */
const TOP_PX = 22
const BOTTOM_PX = 24
/** Lines nearer to each other than this could not be named. */
const LEVEL_PX = 36
/** Bins so near to each other have no room for two numbers. */
const NEIGHBOURS = 3
const CUT_NAMES_MAX = 12
const CUT_DROP_PX = 12

export interface Chart {
  name: string
  title: string
  description: string
  frame: Frame
  /** Without the names above and the time below. */
  plotPx: number
  /** What is more is cut, with its number beside it, so that the rest is seen; absent: nothing is cut. */
  most?: number | undefined
}

/** How many of each kind there were in each bin, one kind upon the other. */
export function stackChart(chart: Chart, layers: Array<{ kind: string; counts: number[] }>): Markup {
  const edges = edgesOf(chart.frame)
  const tops = heaped(layers.map(({ counts }) => counts))
  const totals = tops.at(-1) ?? []
  const scale = counting(Math.min(greatestOf(totals), chart.most ?? Number.POSITIVE_INFINITY), levelsIn(chart))
  const px = heightsIn(chart, scale)
  const bottoms = [edges.slice(1).map(() => 0), ...tops]
  const marks = layers.map(
    ({ kind, counts }, i) => counts.some((value) => value > 0) && shape(between(edges, bottoms[i]!.map(px), tops[i]!.map(px)), kind)
  )
  return chartOf(chart, scale, count, marks, cutNames(chart, totals))
}

/** One number for neighbours that are all cut: the greatest. */
function cutNames({ frame, most = Number.POSITIVE_INFINITY }: Chart, totals: number[]): Markup[] {
  const edges = edgesOf(frame)
  const cut = totals.map((total, bin) => ({ total, bin })).filter(({ total }) => total > most)
  const greatest = cut.filter(({ total, bin }) =>
    cut.every((other) => Math.abs(other.bin - bin) > NEIGHBOURS || other.total < total || (other.total === total && other.bin >= bin))
  )
  return greatest
    .slice(0, CUT_NAMES_MAX)
    .map(({ total, bin }) => word(edges[bin]! / fieldX(1), TOP_PX + CUT_DROP_PX, `${count(total)} ↑`, 'label', 'end', -3))
}

/** Each layer with all those below it. */
function heaped(layers: number[][]): number[][] {
  let below: number[] = []
  return layers.map((counts) => {
    below = counts.map((value, i) => value + (below[i] ?? 0))
    return below
  })
}

/** The middle run of many, between the least and the most of all of them. */
export function rangeChart(chart: Chart, ranges: Array<Range | undefined>): Markup {
  const first = ranges.findIndex((range) => range !== undefined)
  const known = ranges.filter((range) => range !== undefined)
  const edges = edgesOf(chart.frame).slice(first, first + known.length + 1)
  const scale = counting(Math.min(greatestOf(known.map(({ most }) => most)), chart.most ?? Number.POSITIVE_INFINITY), levelsIn(chart))
  const px = heightsIn(chart, scale)
  const of = (part: keyof Range) => known.map((range) => px(range[part]))
  return chartOf(chart, scale, count, [
    shape(between(edges, of('least'), of('most')), 'range'),
    shape(stairs(edges, of('middle')), 'middle')
  ])
}

/** One dot for each, and lines that are drawn over them; the higher, the longer. */
export function lengthChart(
  chart: Chart,
  clouds: Array<{ kind: string; points: Array<{ atMs: number; tookMs: number }> }>,
  lines: Array<{ kind: string; valuesMs: Array<number | null> }>
): Markup {
  const lengths = clouds.flatMap(({ points }) => points.map(({ tookMs }) => tookMs))
  const scale = logarithmic(leastOf(lengths), greatestOf(lengths))
  const px = heightsIn(chart, scale)
  const { at } = time(chart.frame.fromMs, chart.frame.toMs, 1)
  const edges = edgesOf(chart.frame)
  const marks = [
    ...clouds.map(({ kind, points }) => shape(dots(points.map(({ atMs, tookMs }) => ({ x: fieldX(at(atMs)), yPx: px(tookMs) }))), kind)),
    ...lines.map(({ kind, valuesMs }) => shape(treads(edges, valuesMs, px), kind))
  ]
  return chartOf(chart, scale, tick, marks)
}

/** Stairs, broken where nothing is known. */
function treads(edges: number[], values: Array<number | null>, px: (value: number) => number): string {
  const isStart = (i: number) => i === 0 || values[i - 1] === null
  return values
    .map((value, i) => (value === null ? '' : `${isStart(i) ? `M${edges[i]} ${px(value)}` : `V${px(value)}`}H${edges[i + 1]}`))
    .join('')
}

function chartOf(
  { name, title, description, frame, plotPx }: Chart,
  scale: Scale,
  nameOf: (value: number) => string,
  marks: Piece,
  names: Piece = []
): Markup {
  const { bands, axis, words } = backdrop(frame, TOP_PX, TOP_PX + plotPx)
  const levels = scale.ticks.map((value) => level(TOP_PX + plotPx * (1 - scale.at(value)), nameOf(value)))
  return picture({
    ...{ name, title, description },
    heightPx: TOP_PX + plotPx + BOTTOM_PX,
    marks: [bands, levels.map((one) => one.mark), marks, axis],
    words: [levels.map((one) => one.word), words, names]
  })
}

function levelsIn({ plotPx }: Chart): number {
  return Math.max(1, Math.floor(plotPx / LEVEL_PX))
}

function heightsIn({ plotPx }: Chart, scale: Scale): (value: number) => number {
  return (value) => Math.round((TOP_PX + plotPx * (1 - scale.at(value))) * 10) / 10
}

function edgesOf(frame: Frame): number[] {
  const { at } = time(frame.fromMs, frame.toMs, 1)
  return binEdgesMs(frame).map((ms) => fieldX(at(ms)))
}

function greatestOf(values: number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

function leastOf(values: number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
}
