import type { Frame } from './frame.ts'
import { html, type Markup } from './html.ts'
import { fieldX, upright, word } from './picture.ts'
import { time } from './scale.ts'
import { tick } from './words.ts'

const TICKS_MAX = 6
/** Up to so many runs have room for the word beside the number. */
const WORDY_RUNS_MAX = 4
/** A fault that lasted for no time at all is still seen. */
const BAND_WIDTH_MIN = 1.5
const TICK_DROP_PX = 16
const LABEL_RISE_PX = 6
const NEXT_LABEL_SHARE = 0.12

/** The faults behind a picture, and the time below it. */
export function backdrop(frame: Frame, topPx: number, bottomPx: number): { bands: Markup[]; axis: Markup[]; words: Markup[] } {
  const { at, ticks } = time(frame.fromMs, frame.toMs, TICKS_MAX)
  const share = (ms: number) => at(ms)
  return {
    bands: frame.bands.flatMap((band) => bandOf(band, share, topPx, bottomPx)),
    axis: [
      html`<path class="axis" d="M0 ${bottomPx}H${fieldX(1)}"/>`,
      ...ticks.map((ms) => upright(share(ms), bottomPx, bottomPx + 4, 'axis'))
    ],
    words: [
      ...ticks.map((ms) => word(share(ms), bottomPx + TICK_DROP_PX, tick(ms), 'tick', anchorAt(share(ms)))),
      ...(frame.aligned ? momentNames(frame, share, topPx) : runNames(frame, share, topPx))
    ]
  }
}

/** From the blow to the end of all that was done, and paler until everything is as it was. */
function bandOf(
  { run, struckMs, healedMs, wholeMs }: Frame['bands'][number],
  share: (ms: number) => number,
  topPx: number,
  bottomPx: number
): Markup[] {
  const stretch = (kind: string, fromMs: number, toMs: number) => {
    const x = fieldX(share(fromMs))
    const width = Math.max(BAND_WIDTH_MIN, Math.round((fieldX(share(toMs)) - x) * 10) / 10)
    return html`<rect class="${kind}" data-run="${run}" x="${x}" y="${topPx}" width="${width}" height="${bottomPx - topPx}"/>`
  }
  return [
    ...(healedMs !== undefined && wholeMs !== undefined ? [stretch('healing', healedMs, wholeMs)] : []),
    stretch('fault', struckMs, healedMs ?? struckMs),
    upright(share(struckMs), topPx, bottomPx, 'struck')
  ]
}

function runNames({ bands }: Frame, share: (ms: number) => number, topPx: number): Markup[] {
  const name = (run: number) => (bands.length <= WORDY_RUNS_MAX ? `fault ${run}` : String(run))
  return bands.map(({ run, struckMs }) => word(share(struckMs), topPx - LABEL_RISE_PX, name(run), 'band-name'))
}

/** A name that would stand on the one before it is left out. */
function momentNames({ bands }: Frame, share: (ms: number) => number, topPx: number): Markup[] {
  const moments = bands.flatMap(({ struckMs, healedMs, wholeMs }) => [
    { name: 'fault', atMs: struckMs },
    { name: 'healed', atMs: healedMs },
    { name: 'whole', atMs: wholeMs }
  ])
  let free = 0
  return moments.flatMap(({ name, atMs }) => {
    if (atMs === undefined || share(atMs) < free) return []
    free = share(atMs) + NEXT_LABEL_SHARE
    return [word(share(atMs), topPx - LABEL_RISE_PX, name, 'band-name')]
  })
}

function anchorAt(share: number): 'start' | 'middle' | 'end' {
  return share < 0.02 ? 'start' : share > 0.98 ? 'end' : 'middle'
}
