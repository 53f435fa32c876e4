import { html, type Markup, type Piece } from './html.ts'

/** Marks are drawn on a field so wide and stretched to the page; words are placed beside it by per cent, and are not stretched. */
const FIELD_WIDTH = 1_000
const PERCENT = 100

export interface Picture {
  /** The same in no other picture of the page. */
  name: string
  title: string
  /** What somebody who does not see it has to know. */
  description: string
  heightPx: number
  /** Nothing stands in the margin, so a phone gives it to the picture. */
  wide?: true
  marks: Piece
  words: Piece
}

/** A picture as wide as its place, whose letters keep their size on a phone. */
export function picture({ name, title, description, heightPx, wide, marks, words }: Picture): Markup {
  return html`<svg class="picture${wide && ' wide'}" role="img" aria-labelledby="${name}-title ${name}-what" height="${heightPx}">
<title id="${name}-title">${title}</title><desc id="${name}-what">${description}</desc>
<svg viewBox="0 0 ${FIELD_WIDTH} ${heightPx}" preserveAspectRatio="none" width="100%" height="${heightPx}" overflow="visible">${marks}</svg>
${words}</svg>`
}

/** @param share - Of the width, from 0 to 1. */
export function fieldX(share: number): number {
  return round(share * FIELD_WIDTH)
}

export function word(
  share: number,
  yPx: number,
  text: string,
  kind: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  dxPx = 0
): Markup {
  return html`<text x="${round(share * PERCENT)}%" y="${round(yPx)}" dx="${dxPx}" class="${kind}" text-anchor="${anchor}">${text}</text>`
}

/** A line across the whole width, with its name in the margin. */
export function level(yPx: number, text: string): { mark: Markup; word: Markup } {
  return {
    mark: html`<path class="grid" d="M0 ${round(yPx)}H${FIELD_WIDTH}"/>`,
    word: html`<text x="-8" y="${round(yPx)}" dy="4" class="tick" text-anchor="end">${text}</text>`
  }
}

export function upright(share: number, fromPx: number, toPx: number, kind: string): Markup {
  return html`<path class="${kind}" d="M${fieldX(share)} ${round(fromPx)}V${round(toPx)}"/>`
}

export function shape(d: string, kind: string): Markup | false {
  return d !== '' && html`<path class="${kind}" d="${d}"/>`
}

/** Between two stairs: one tread for each space between two edges. Edges are field places, heights are pixels from the top. */
export function between(edges: number[], lowerPx: number[], upperPx: number[]): string {
  if (upperPx.length === 0) return ''
  const there = upperPx.map((y, i) => `V${round(y)}H${edges[i + 1]}`)
  const back = lowerPx.map((y, i) => `V${round(y)}H${edges[i]}`).reverse()
  return `M${edges[0]} ${round(lowerPx[0]!)}${there.join('')}${back.join('')}Z`
}

export function stairs(edges: number[], heightsPx: number[]): string {
  return heightsPx.map((y, i) => `${i === 0 ? `M${edges[0]} ${round(y)}` : `V${round(y)}`}H${edges[i + 1]}`).join('')
}

/** Lines without length and with round ends: they stay round when the field is stretched. */
export function dots(points: Array<{ x: number; yPx: number }>): string {
  return points.map(({ x, yPx }) => `M${x} ${round(yPx)}h0`).join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
