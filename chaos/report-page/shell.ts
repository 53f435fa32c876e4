import { html, type Markup, type Piece } from './html.ts'
import { STYLE } from './style.ts'

/** Nothing is loaded and nothing runs: what is seen is what is in the file. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/** A whole page in one file. */
export function shell(title: string, body: Piece): string {
  const page: Markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
${body}
</body>
</html>
`
  return page.markup
}
