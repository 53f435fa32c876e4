import type { Language } from '../contracts/values.ts'

/** A mail as it is composed: one content, shown as plain text and as HTML. */
export interface Letter {
  subject: string
  text: string
  html: string
}

/** What a letter is made of, top to bottom. */
export type Part =
  | { kind: 'title'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'quiet'; text: string }
  | { kind: 'button'; text: string; url: string }
  /** A row without a label goes on with the row before it. */
  | { kind: 'facts'; rows: Array<[label: string, value: string]> }

const BRAND = '#312e81'
const FONT = "font-family:Inter,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

/** Writes a letter twice, from the same parts: what the HTML says, the text says too. */
export function letterOf(language: Language, subject: string, parts: Part[], foot: string): Letter {
  return {
    subject: oneLine(subject),
    text: `${parts.map(textOf).join('\n\n')}\n\n--\n${foot}\n`,
    html: pageOf(language, subject, parts, foot)
  }
}

function textOf(part: Part): string {
  if (part.kind === 'button') return `${part.text}: ${part.url}`
  if (part.kind === 'facts') return part.rows.map(([label, value]) => `${label === '' ? '  ' : `${label}: `}${oneLine(value)}`).join('\n')
  return oneLine(part.text)
}

/** Tables and inline styles: mail programs know little else. */
function pageOf(language: Language, subject: string, parts: Part[], foot: string): string {
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(subject)}</title></head>
<body style="margin:0;padding:0;background:#f3f4f6">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border-radius:12px;border:1px solid #e5e7eb">
<tr><td style="padding:22px 32px;border-bottom:1px solid #e5e7eb;${FONT};font-size:18px;font-weight:700;color:${BRAND}">TicketFlow</td></tr>
<tr><td style="padding:28px 32px 12px;${FONT};font-size:16px;line-height:1.5;color:#111827">
${parts.map(htmlOf).join('\n')}
</td></tr>
</table>
<p style="max-width:600px;margin:16px auto 0;${FONT};font-size:12px;line-height:1.5;color:#4b5563">${escaped(foot)}</p>
</td></tr></table>
</body>
</html>
`
}

function htmlOf(part: Part): string {
  switch (part.kind) {
    case 'title':
      return `<h1 style="margin:0 0 12px;font-size:24px;line-height:1.25;color:#111827">${escaped(part.text)}</h1>`
    case 'text':
      return `<p style="margin:0 0 16px">${escaped(part.text)}</p>`
    case 'quiet':
      return `<p style="margin:0 0 16px;font-size:14px;color:#4b5563">${escaped(part.text)}</p>`
    case 'button':
      return `<p style="margin:4px 0 24px"><a href="${escaped(part.url)}" style="display:inline-block;padding:13px 26px;border-radius:8px;background:${BRAND};color:#ffffff;font-weight:600;text-decoration:none">${escaped(part.text)}</a></p>`
    case 'facts':
      return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 20px;border-top:1px solid #e5e7eb">${part.rows.map(rowOf).join('')}</table>`
  }
}

function rowOf([label, value]: [string, string]): string {
  const cell = 'padding:9px 0;border-bottom:1px solid #e5e7eb;vertical-align:top'
  return `<tr><td style="${cell};width:36%;padding-right:12px;font-size:14px;color:#4b5563">${escaped(label)}</td><td style="${cell};font-size:15px">${escaped(value)}</td></tr>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
}
