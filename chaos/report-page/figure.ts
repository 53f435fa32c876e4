import { html, type Markup, type Piece } from './html.ts'

export interface Figure {
  /** What is to be seen, in one sentence. */
  finding: string
  /** What is drawn: axes, bins, signs. */
  legend: Piece
  body: Piece
  /** What was left out. */
  note?: string | undefined
}

export function figure({ finding, legend, body, note }: Figure): Markup {
  return html`<figure>
<figcaption><h3>${finding}</h3><p class="legend">${legend}</p></figcaption>
${body}${
  note !== undefined &&
  html`
<p class="note">${note}</p>`
}
</figure>`
}

/** A sign beside its word, so that no word has to be looked for elsewhere. */
export function sign(kind: string, text: string): Markup {
  return html`<span class="sign"><i class="${kind}"></i>${text}</span>`
}

/** What the bands of every picture mean. */
export const BAND_SIGNS: Markup = html`${sign('fault', 'while the fault is done')} ${sign('healing', 'until everything is as before')}`
