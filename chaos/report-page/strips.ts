import { type Spread, spreadOf } from '../figures.ts'
import type { Markup } from './html.ts'
import { dots, fieldX, picture, shape, upright, word } from './picture.ts'
import { linear, logarithmic, time } from './scale.ts'
import { count, tick, took } from './words.ts'

const ROW_PX = 84
const AXIS_PX = 24
/** The two lines of words above the dots of a row. */
const NAME_PX = 14
const FIGURES_PX = 30
const PILE_PX = 38
const BASE_PX = 74
const DOT_PX = 4.5
/** Values nearer to each other than this share of the width are piled up. */
const PILE_SHARE = 0.008
const TICKS_MAX = 6
const MARGIN = 1.04
/** In a row; more would make the file heavy and the row no clearer. */
const DOTS_MAX = 1_500

export interface Strip {
  name: string
  valuesMs: number[]
  /** What was promised. */
  limitMs?: number | undefined
  /** `plain`: for comparison. */
  kind?: 'ok' | 'plain'
}

/** Every value of every row as a dot on one axis, with the middle, the 99th percentile and the greatest. */
export function strips(what: { name: string; title: string; description: string; powers: boolean }, rows: Strip[]): Markup {
  const all = rows.flatMap(({ valuesMs, limitMs }) => [...valuesMs, ...(limitMs === undefined ? [] : [limitMs])])
  const [least, greatest] = all.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [Number.POSITIVE_INFINITY, 1] as [
    number,
    number
  ])
  const ticks = time(0, greatest * MARGIN, TICKS_MAX).ticks
  const scale = what.powers ? logarithmic(least, greatest) : linear(0, greatest * MARGIN, ticks)
  const bottomPx = rows.length * ROW_PX
  return picture({
    ...{ name: what.name, title: what.title, description: what.description },
    heightPx: bottomPx + AXIS_PX,
    wide: true,
    marks: [
      ...scale.ticks.map((value) => upright(scale.at(value), 0, bottomPx, 'grid')),
      ...rows.map((row, i) => rowMarks(row, i * ROW_PX, scale.at))
    ],
    words: [
      ...rows.map((row, i) => rowWords(row, i * ROW_PX)),
      ...scale.ticks.map((value, i) =>
        word(scale.at(value), bottomPx + 16, tick(value), 'tick', i === 0 ? 'start' : scale.at(value) > 0.96 ? 'end' : 'middle')
      )
    ]
  })
}

function rowMarks({ valuesMs, limitMs, kind = 'ok' }: Strip, topPx: number, at: (value: number) => number) {
  const { p50, p99 } = spreadOf(valuesMs)
  const mark = (value: number | null, sign: string) => value !== null && upright(at(value), topPx + PILE_PX - 2, topPx + BASE_PX + 5, sign)
  return [
    shape(`M0 ${topPx + BASE_PX + 5}H${fieldX(1)}`, 'axis'),
    mark(p50, 'median'),
    mark(p99, 'p99'),
    shape(dots(piled(spaced(valuesMs), topPx, at)), `dot ${kind}`),
    limitMs !== undefined && upright(at(limitMs), topPx + FIGURES_PX + 4, topPx + BASE_PX + 5, 'limit')
  ]
}

/** At even distances in their order: the least and the greatest are among them. */
export function spaced(values: number[]): number[] {
  if (values.length <= DOTS_MAX) return values
  const sorted = values.toSorted((a, b) => a - b)
  return Array.from({ length: DOTS_MAX }, (_, i) => sorted[Math.round((i * (values.length - 1)) / (DOTS_MAX - 1))]!)
}

/** What is said of rows that have too many dots. */
export function spacedNote(rows: Strip[]): string | undefined {
  const most = Math.max(...rows.map(({ valuesMs }) => valuesMs.length))
  if (most <= DOTS_MAX) return undefined
  return `Drawn are ${count(DOTS_MAX)} dots of each row of up to ${count(most)}, at even distances in their order, the least and the greatest among them. The figures are of all.`
}

/** Equal values stand upon each other, nearer together the more there are: the highest pile is as high as the row. */
function piled(valuesMs: number[], topPx: number, at: (value: number) => number): Array<{ x: number; yPx: number }> {
  const piles = Map.groupBy(valuesMs, (value) => Math.round(at(value) / PILE_SHARE))
  const highest = [...piles.values()].reduce((most, { length }) => Math.max(most, length), 1)
  const stepPx = Math.min(DOT_PX, (BASE_PX - PILE_PX) / highest)
  return [...piles.values()].flatMap((pile) => pile.map((value, i) => ({ x: fieldX(at(value)), yPx: topPx + BASE_PX - i * stepPx })))
}

function rowWords({ name, valuesMs, limitMs }: Strip, topPx: number): Markup[] {
  const promised = limitMs === undefined ? '' : `: promised ≤ ${tick(limitMs)}`
  return [word(0, topPx + NAME_PX, name + promised, 'label'), word(0, topPx + FIGURES_PX, figuresOf(spreadOf(valuesMs)), 'figures')]
}

function figuresOf({ p50, p99, max }: Spread): string {
  if (max === null) return 'none'
  return [`median ${took(p50)}`, ...(p99 === null ? [] : [`p99 ${took(p99)}`]), `longest ${took(max)}`].join(' · ')
}
