const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** What is markup already. Only {@link html} makes it, so that no text comes into a page unescaped. */
export interface Markup {
  readonly markup: string
}

export type Piece = Markup | readonly Piece[] | string | number | false | null | undefined

/** Markup as it stands in the source; whatever is put into it is text, unless it was made here too. */
export function html(texts: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return { markup: String.raw({ raw: texts }, ...pieces.map(markupOf)) }
}

function markupOf(piece: Piece): string {
  if (piece === false || piece === null || piece === undefined) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return String(piece).replace(/[&<>"']/g, (sign) => ESCAPES[sign]!)
  return 'markup' in piece ? piece.markup : piece.map(markupOf).join('')
}
