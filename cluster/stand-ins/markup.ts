const SAFE = Symbol('markup')

/** A piece of a page whose every foreign word has been escaped. Only {@link markup} makes one. */
export interface Markup {
  [SAFE]: string
}

type Piece = Markup | string | number | undefined | false | Piece[]

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A template of HTML: what is written in it stays as it is, what is put into it is text, unless it is markup itself. */
export function markup(literals: TemplateStringsArray, ...pieces: Piece[]): Markup {
  const text = literals.map((literal, i) => literal + (i < pieces.length ? rendered(pieces[i]) : '')).join('')
  return { [SAFE]: text }
}

function rendered(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (Array.isArray(piece)) return piece.map(rendered).join('')
  return typeof piece === 'object' ? piece[SAFE] : String(piece).replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!)
}

/** A whole page, in Spanish, for people on a phone or at a desk. */
export function page(title: string, style: Markup, body: Markup): string {
  return markup`<!doctype html>
<html lang="es-CL">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${COMMON}${style}</style>
</head>
<body>
${body}
</body>
</html>
`[SAFE]
}

const COMMON = markup`
:root { color-scheme: light; --ink: #1d2330; --soft: #586174; --line: #dfe3ea; --ground: #f4f6f9; --accent: #3b3fb6; --bad: #b3261e; --good: #176b3a }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
a { color: var(--accent) }
h1, h2, p { margin: 0 }
:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px }
`
