import type { Result } from '../result.ts'
import { html, type Markup } from './html.ts'
import { count } from './words.ts'

/** What made the series worth something, and how often it happened. */
export function coverageTable({ coverage, each }: Result): Markup {
  const required = new Set(each.flatMap(({ bitten }) => bitten))
  const missed = Map.groupBy(
    each.flatMap((run) => run.missed),
    (what) => what
  )
  const names = [...new Set([...Object.keys(coverage), ...missed.keys()])]
  return html`<div class="scroll"><table>
<caption>What was seen to happen</caption>
<thead><tr><th scope="col">What</th><th scope="col">times</th><th scope="col">runs without it</th></tr></thead>
<tbody>
${names.map((what) => rowOf(what, coverage[what] ?? 0, required.has(what) || missed.has(what), missed.get(what)?.length ?? 0))}</tbody></table></div>`
}

function rowOf(what: string, times: number, required: boolean, without: number): Markup {
  return html`<tr${without > 0 && html` class="bad"`}><th scope="row">${what}${required && html` <span class="must">must happen</span>`}</th><td>${count(times)}</td><td>${required ? `${without > 0 ? '✕ ' : ''}${count(without)}` : ''}</td></tr>
`
}
